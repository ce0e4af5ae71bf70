/// What can go wrong while segmenting. Equality is by `code`.
package struct SegmentationError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The volume needs more memory than the limit allows.
        case memoryLimit
        /// The volume given isn't what the plan calls network-ready, or the grids don't meet.
        case unusableVolume
        /// The network answered NaN or infinity.
        case unusableLogits
        /// The plan can't say which values of a network-ready volume are air.
        case unknownAir
        /// The windows' edge or overlap makes no sense.
        case invalidWindow
    }

    package let code: Code
    /// A lower-case sentence: the fact, the value, what was expected.
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    package static func == (left: SegmentationError, right: SegmentationError) -> Bool { left.code == right.code }
}
