import Foundation
import JobEngine
import Testing

/// Words that a newer program may have more of.
struct SharedWordTests {
    @Test func everyKnownWordComesBackAsItself() {
        #expect(
            JobKind.allCases.allSatisfy { JobKind(stored: $0.rawValue) == $0 && JobKind(rawValue: $0.rawValue) == $0 })
        #expect(
            JobState.allCases.allSatisfy {
                JobState(stored: $0.rawValue) == $0 && JobState(rawValue: $0.rawValue) == $0
            })
        #expect(
            Priority.allCases.allSatisfy {
                Priority(stored: $0.rawValue) == $0 && Priority(rawValue: $0.rawValue) == $0
            })
        #expect(Stage.allCases.allSatisfy { Stage(stored: $0.rawValue) == $0 && Stage(rawValue: $0.rawValue) == $0 })
        let classes = JobFailure.Class.allCases
        #expect(
            classes.allSatisfy {
                JobFailure.Class(stored: $0.rawValue) == $0 && JobFailure.Class(rawValue: $0.rawValue) == $0
            })
    }

    @Test func anUnknownWordOfTheStoreIsKeptAsItIs() throws {
        #expect(JobKind(stored: "transcribe-report") == .unknown("transcribe-report"))
        #expect(JobKind(stored: "transcribe-report").rawValue == "transcribe-report")
        #expect(String(decoding: try JSONEncoder().encode([JobState(stored: "held")]), as: UTF8.self) == #"["held"]"#)
    }

    @Test func peopleAndMessagesNameKnownWordsOnly() {
        #expect(JobKind(rawValue: "transcribe-report") == nil)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Priority].self, from: Data(#"["someday"]"#.utf8))
        }
    }

    @Test func anUnknownStateLeadsNowhere() {
        let held = JobState(stored: "held")
        #expect(held.successors.isEmpty)
        #expect(!held.isTerminal)
    }

    @Test func theKindsOfAStageAreThoseThatAreKnown() {
        #expect(JobKind.known(of: .ingestion) == [.retrieveStudy, .ingestStudy, .deliverSegmentation])
        #expect(Set(Stage.allCases.flatMap { JobKind.known(of: $0) }) == Set(JobKind.allCases))
    }
}
