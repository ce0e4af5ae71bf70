package import Faults

/// Why an evaluation cannot be used as it was asked for.
package struct EvaluationError: Fault {
    package enum Code: String, Sendable, CaseIterable {
        case notComparable = "evaluations-not-comparable"
    }

    package let code = Code.notComparable
    package let description: String
    package var blame: Blame { .input }

    init(_ description: String) { self.description = description }
}
