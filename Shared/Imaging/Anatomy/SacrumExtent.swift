/// What of a sacrum whose first segment is a class of its own (TotalSegmentator v2 cuts S1 out) becomes the label set's
/// sacrum.
package enum SacrumExtent: String, Sendable, CaseIterable, Codable {
    /// All of it, as anatomists and TotalSegmentator v1 have it.
    case withS1 = "with-s1"
    /// What is left of it; S1 counts as background, as it does where only the mask of the sacrum is read.
    case withoutS1 = "without-s1"
}
