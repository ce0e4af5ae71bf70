import Anatomy

/// The label values a ground truth may hold.
enum LabelCheck {
    static let spine25 = Set([0] + LabelSet.spine25.labels.map(\.value))
}
