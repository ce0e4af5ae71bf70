/// A case among the worst, and why.
package struct BadCase: Sendable, Hashable, Codable {
    package enum Cause: String, Sendable, Hashable, Codable, CaseIterable {
        /// A class of the truth was not found.
        case missed
        /// The spine, or a vertebra, bears a neighbour's name.
        case shiftedLabel = "shifted-label"
        /// Voxels of a class lie in background or far from its truth.
        case leakage
        /// The class is cut by the edge of the volume.
        case truncatedFieldOfView = "truncated-field-of-view"
        /// A class that the truth does not have.
        case spurious
        /// Found and named, but its border is wrong.
        case inaccurateBorder = "inaccurate-border"
    }

    package struct Reason: Sendable, Hashable, Codable {
        package var cause: Cause
        /// The class concerned; nil: the whole case.
        package var label: UInt8?
        /// One sentence with the figures, free of patient data.
        package var text: String

        package init(cause: Cause, label: UInt8?, text: String) {
            self.cause = cause
            self.label = label
            self.text = text
        }
    }

    package var name: String
    /// Mean Dice of the classes in truth; nil without truth.
    package var dice: Double?
    /// The class that lost most Dice; one that the volume's edge cuts to a sliver counts by its size.
    package var worstLabel: UInt8?
    /// The weightiest first.
    package var reasons: [Reason]

    package init(name: String, dice: Double?, worstLabel: UInt8?, reasons: [Reason]) {
        self.name = name
        self.dice = dice
        self.worstLabel = worstLabel
        self.reasons = reasons
    }
}
