import Foundation
import JobEngine
import Testing

/// Words that a newer program may have more of.
struct SharedWordTests {
    @Test func everyKnownWordComesBackAsItself() {
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
        #expect(JobState(stored: "held").rawValue == "held")
        #expect(String(decoding: try JSONEncoder().encode([JobState(stored: "held")]), as: UTF8.self) == #"["held"]"#)
    }

    @Test func peopleAndMessagesNameKnownWordsOnly() {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Priority].self, from: Data(#"["someday"]"#.utf8))
        }
    }

    @Test func anUnknownStateLeadsNowhere() {
        let held = JobState(stored: "held")
        #expect(held.successors.isEmpty)
        #expect(!held.isTerminal)
    }
}
