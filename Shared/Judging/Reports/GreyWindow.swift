/// The range of Hounsfield units shown from black to white.
package struct GreyWindow: Sendable, Hashable {
    package var level: Double
    package var width: Double

    /// Level 300, width 1500 HU: cortical bone stays below white, fat and muscle above black.
    package static let bone = GreyWindow(level: 300, width: 1500)

    /// `width` must be positive.
    package init(level: Double, width: Double) {
        precondition(width > 0, "a window needs a positive width, got \(width)")
        self.level = level
        self.width = width
    }

    /// Black for values that are not numbers.
    func grey(_ value: Double) -> UInt8 {
        let share = (value - level) / width + 0.5
        return share.isNaN ? 0 : UInt8((max(0, min(1, share)) * 255).rounded())
    }
}
