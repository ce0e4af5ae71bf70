package import Faults

/// Why two label maps cannot be compared.
package typealias MetricsError = CodedFault<MetricsErrorCode>

package enum MetricsErrorCode: String, FaultCode {
    case gridsDiffer = "grids-differ"
    case labelOutsideSet = "label-outside-set"
    /// An affine that is not finite or flat.
    case invalidGrid = "invalid-grid"
    case invalidTolerance = "invalid-tolerance"

    package var blame: Blame { .input }
}
