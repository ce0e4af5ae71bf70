import JobEngine
import Studies
import Testing
import WorkerRuntime

@Suite struct WorkerProgramTests {
    private struct Report: JobDefinition {
        static let kind = JobKind("transcribe-report", of: .evaluation)
        var report: String
    }

    private struct Transcribing: JobHandler {
        func run(_ job: JobContext, _ parameters: Report) async throws -> Completion { Completion() }
    }

    private static let rehearsing = ScriptedHandler { _ in Completion() }

    private func check(_ handlers: [any JobHandler]) throws(WorkerProgramError) {
        try WorkerProgram(handlers).checkHandlers(
            of: .evaluation, kinds: [Rehearsal.kind, Report.kind, SegmentVolume.kind])
    }

    @Test func aHandlerForEachKindOfTheStageIsEnough() throws { try check([Self.rehearsing, Transcribing()]) }

    @Test func aKindWithoutAHandlerIsNamed() throws {
        let error = try #require(throws: WorkerProgramError.self) { try check([Transcribing()]) }
        #expect(error.description.contains("has no handler for rehearsal, expected"))
    }

    @Test func aKindWithTwoHandlersIsNamed() throws {
        let error = try #require(throws: WorkerProgramError.self) {
            try check([Self.rehearsing, Transcribing(), Transcribing()])
        }
        #expect(error.description.contains("has 2 handlers for transcribe-report, expected"))
    }

    @Test func aHandlerOfAnotherStageIsNamed() throws {
        let error = try #require(throws: WorkerProgramError.self) {
            try WorkerProgram([Self.rehearsing]).checkHandlers(of: .inference, kinds: [Rehearsal.kind])
        }
        #expect(error.description.contains("a handler for rehearsal, which is of another stage"))
    }
}
