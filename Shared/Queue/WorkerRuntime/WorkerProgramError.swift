package import Faults
package import JobEngine

/// The program's list of handlers is not that of its stage's kinds.
package struct WorkerProgramError: Fault {
    package enum Code: String, Sendable, CaseIterable {
        case handlers = "handlers-incomplete"
    }

    package var stage: Stage
    package var faults: [String]

    package var code: Code { .handlers }
    package var blame: Blame { .defect }

    package var description: String {
        "the program of the stage \(stage.rawValue) has \(faults.joined(separator: ", ")), expected exactly one handler for each kind of the stage: mend the service's list of handlers"
    }
}
