package import Faults

/// Why an evaluation cannot be used as it was asked for.
package typealias EvaluationError = CodedFault<EvaluationErrorCode>

package enum EvaluationErrorCode: String, FaultCode {
    case notComparable = "evaluations-not-comparable"

    package var blame: Blame { .input }
}
