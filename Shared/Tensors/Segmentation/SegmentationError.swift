package import Faults

/// What can go wrong while segmenting. Equality is by `code`.
package typealias SegmentationError = CodedFault<SegmentationErrorCode>

package enum SegmentationErrorCode: String, FaultCode {
    /// The volume needs more memory than the limit allows.
    case memoryLimit = "memory-limit"
    /// The volume given isn't what the plan calls network-ready, or the grids don't meet.
    case unusableVolume = "unusable-volume"
    /// The network answered NaN or infinity.
    case unusableLogits = "unusable-logits"
    /// The plan can't say which values of a network-ready volume are air.
    case unknownAir = "unknown-air"
    /// The windows' edge or overlap makes no sense.
    case invalidWindow = "invalid-window"

    package var blame: Blame {
        switch self {
        case .memoryLimit: .machine
        default: .input
        }
    }
}
