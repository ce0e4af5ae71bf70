package import Foundation

/// Which release of the data set it is, and which of its cases are known to be broken.
///
/// The numbers are those of the issues in which they were reported
/// (https://github.com/wasserth/TotalSegmentator/issues). Left in: s0045 and s0248, which were reported empty and are
/// not, and s0070, whose labels are graded as a minor error (#268).
package enum TotalSegmentatorRelease: String, Sendable, CaseIterable {
    case v1
    case v200 = "v2.0.0"
    case v201 = "v2.0.1"

    /// By what the folder is called and has masks of; S1 is cut out of the sacrum since version 2.
    ///
    /// - Returns: the release, and whether nothing says which of version 2's.
    package static func guess(_ folder: URL, cases: [LabelledCase]) -> (release: Self, isAssumed: Bool) {
        let name = folder.standardizedFileURL.lastPathComponent.lowercased()
        if name.contains("v201") || name.contains("v2.0.1") { return (.v201, false) }
        if name.contains("v200") || name.contains("v2.0.0") { return (.v200, false) }
        let hasFirstSegment = cases.first.map {
            DataSetFiles.firstExisting($0.label, ["vertebrae_S1.nii.gz", "vertebrae_S1.nii"]) != nil
        }
        return hasFirstSegment == true ? (.v201, true) : (.v1, false)
    }

    /// Reasons by case.
    package var knownBroken: [String: String] {
        switch self {
        case .v1: ["s0864": "the CT fails gzip's check sum (#24, #92)"]
        case .v200: Self.contrasts.merging(Self.labels) { first, _ in first }
        case .v201: Self.labels
        }
    }

    private static let contrasts: [String: String] = {
        let wrong = ["s0184", "s0224", "s0830", "s0992"].map { ($0, "the CT's contrast is wrong (#193)") }
        return Dictionary(uniqueKeysWithValues: wrong + [("s0864", "the CT has -9758 to 4349 HU (#193)")])
    }()

    private static let labels: [String: String] = {
        let errors = ["s0092", "s0201", "s0605"].map { ($0, "errors in the labels (#245)") }
        let mixed = ["s0071", "s0128", "s0350", "s0513", "s0603", "s0676", "s0941"].map {
            ($0, "neighbouring vertebrae are mixed up (#394)")
        }
        return Dictionary(uniqueKeysWithValues: errors + mixed + [("s0016", "major errors in the vertebrae (#268)")])
    }()
}
