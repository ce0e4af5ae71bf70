package import Faults

/// What can go wrong while segmenting. Equality is by `code`.
package struct SegmentationError: Fault {
    package enum Code: String, Sendable, CaseIterable {
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
    }

    package let code: Code
    /// A lower-case sentence: the fact, the value, what was expected.
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    package var blame: Blame {
        switch code {
        case .memoryLimit: .machine
        default: .input
        }
    }
}
