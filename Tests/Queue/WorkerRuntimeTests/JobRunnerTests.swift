import JobEngine
import Studies
import TestSupport
import Testing
import WorkerRuntime

/// How one job is run and what is written of its end, over the in-memory store.
@Suite(.timeLimit(.minutes(2))) struct JobRunnerTests {
    private let scene = ScriptedRun()
    private var store: InMemoryJobStore { scene.store }
    private var log: EventLog { scene.log }

    private func run(
        needing dependency: String? = nil, _ body: @escaping @Sendable (JobContext) async throws -> Completion
    ) async throws -> JobRecord {
        try await scene.run(needing: dependency, body)
    }

    @Test func aResultIsWritten() async throws {
        let job = try await run { _ in Completion(summary: "done") }
        #expect(job.state == .succeeded)
        #expect(job.progressNote == "done")
        #expect(log.lines.contains { $0.hasPrefix("debug job succeeded") })
    }

    @Test func aFailureIsWrittenAsItIs() async throws {
        let failure = JobFailure(class: .data, code: "odd", reason: "the volume has no voxels")
        let job = try await run { _ in throw failure }
        #expect(job.state == .dead)
        #expect(job.failure == failure)
    }

    @Test func anErrorThatNoHandlerExpectedIsADefectWithoutItsWords() async throws {
        struct Odd: Error { let path = "/home/patient" }
        let job = try await run { _ in throw Odd() }
        #expect(job.failure?.class == .defect)
        #expect(job.failure?.description.contains("patient") == false)
    }

    @Test func aJobOfAKindWithoutAHandlerIsADefectOfThisWorker() async throws {
        let job = try await scene.run(JobRequest(kind: Rehearsal.kind, tenant: "ward"), handlers: [])
        #expect(job.failure?.class == .defect)
        #expect(job.failure?.reason.contains("no handler for rehearsal") == true)
    }

    @Test func aJobWithoutTheParametersOfItsKindIsDeadAndTheFieldIsNamed() async throws {
        struct Counting: JobDefinition {
            static let kind = Rehearsal.kind
            var epochs: Int
        }
        struct Counter: JobHandler {
            func run(_ job: JobContext, _ parameters: Counting) async throws -> Completion { Completion() }
        }
        let job = try await scene.run(JobRequest(kind: Rehearsal.kind, tenant: "ward"), handlers: [Counter()])
        #expect(job.state == .dead)
        #expect(job.failure?.code == "parameters-malformed")
        #expect(job.failure?.reason.contains("'epochs'") == true)
    }

    @Test(arguments: [JobInterruption.draining, .leaseLost])
    func anInterruptedJobIsHandedBackAndItsAttemptIsNotCounted(_ interruption: JobInterruption) async throws {
        let job = try await run { _ in throw interruption }
        #expect(job.state == .queued)
        #expect(job.attempt == 0)
    }

    @Test func aCancelledJobEndsAsCancelled() async throws {
        #expect(try await run { _ in throw JobInterruption.cancelled }.state == .cancelled)
    }

    @Test func aJobThatStartsWhileTheWorkerDrainsIsToldAtOnce() async throws {
        scene.keeper.drain()
        let job = try await run { job in
            try job.checkCancellation()
            return Completion()
        }
        #expect(job.state == .queued)
    }

    /// Its result may still be written if nobody else has the job.
    @Test func aResultThatComesAfterTheInterruptionIsWritten() async throws {
        scene.keeper.drain()
        #expect(try await run { _ in Completion() }.state == .succeeded)
    }

    @Test func aResultUnderALeaseThatIsAnothersIsDiscarded() async throws {
        let (clock, store) = (scene.clock, store)
        let job = try await run { _ in
            clock.advance(bySeconds: 61)
            _ = try await store.sweep()
            return Completion(summary: "too late")
        }
        #expect(job.state != .succeeded)
        #expect(job.progressNote != "too late")
        #expect(log.lines.contains { $0.contains("stale token: the job's result was discarded") })
    }

    @Test func anEndThatTheStoreRefusesFailsTheAttempt() async throws {
        let job = try await run { _ in
            Completion(children: [JobRequest(kind: Rehearsal.kind, tenant: "ward", parents: [JobID()])])
        }
        #expect(job.state != .succeeded)
        #expect(job.failure?.class == .defect)
        #expect(log.lines.contains { $0.hasPrefix("warning the attempt's end is refused") })
    }

    @Test func aJobWhoseArchiveIsAwayIsHeldWithoutATry() async throws {
        for _ in 1...CircuitBreaker.limit { _ = await store.recordFailure(of: "archive:pacs", reason: "refused") }
        let log = log
        let job = try await run(needing: "archive:pacs") { _ in
            log.note("tried")
            return Completion()
        }
        #expect(job.state == .waiting)
        #expect(job.attempt == 0)
        #expect(!log.lines.contains("tried"))
    }

    @Test func anArchiveThatAnswersAProbeReleasesTheJobsThatWereHeld() async throws {
        for _ in 1...CircuitBreaker.limit { _ = await store.recordFailure(of: "archive:pacs", reason: "refused") }
        scene.clock.advance(bySeconds: CircuitBreaker.firstWait)
        #expect(try await run(needing: "archive:pacs") { _ in Completion() }.state == .succeeded)
        #expect(await store.dependencies().isEmpty)
    }

    @Test func aProbeThatNeverAskedTheArchiveIsGivenBack() async throws {
        for _ in 1...CircuitBreaker.limit { _ = await store.recordFailure(of: "archive:pacs", reason: "refused") }
        scene.clock.advance(bySeconds: CircuitBreaker.firstWait)
        _ = try await run(needing: "archive:pacs") { _ in Completion(askedDependency: false) }
        #expect(await store.admit(to: "archive:pacs") == .probe)
    }
}
