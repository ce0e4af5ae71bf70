/// How another project numbers the vertebrae. All maps go by name.
package enum Numbering: String, Sendable, CaseIterable, Codable {
    /// `spine-25` and `spine-24` themselves.
    case columna = "spine"
    /// TotalSegmentator v1, ids of the task `total`: upward from L5 = 18 to C1 = 41, sacrum 92.
    case totalSegmentatorV1 = "totalsegmentator-v1"
    /// TotalSegmentator v2, ids of the task `total`: sacrum 25, S1 26, upward from L5 = 27 to C1 = 50.
    case totalSegmentatorV2 = "totalsegmentator-v2"
    /// VerSe 2019/2020: C1…L5 = 1…24, L6 = 25, sacrum 26, coccyx 27, T13 = 28.
    case verse
    /// MONAI Label's localization tasks: C1…L5 = 1…24, no sacrum.
    case monaiLabel = "monai-label"

    /// The ids that the project uses, background and what is no part of the spine included.
    package var ids: ClosedRange<Int> {
        switch self {
        case .columna: 0...25
        case .totalSegmentatorV1: 0...104
        case .totalSegmentatorV2: 0...117
        case .verse: 0...28
        case .monaiLabel: 0...24
        }
    }

    /// Name by id. Names outside the label sets (`S1`, `L6`, `T13`, `coccyx`) are those the project uses.
    package var names: [Int: String] {
        let downward = LabelSet.spine24.labels.map(\.name)
        let upward = Array(downward.reversed())
        func numbered(_ names: [String], from first: Int) -> [Int: String] {
            Dictionary(uniqueKeysWithValues: names.enumerated().map { (first + $0.offset, $0.element) })
        }
        switch self {
        case .columna: return numbered(downward + ["sacrum"], from: 1)
        case .totalSegmentatorV1: return numbered(upward, from: 18).merging([92: "sacrum"]) { first, _ in first }
        case .totalSegmentatorV2: return numbered(["sacrum", "S1"] + upward, from: 25)
        case .verse: return numbered(downward + ["L6", "sacrum", "coccyx", "T13"], from: 1)
        case .monaiLabel: return numbered(downward, from: 1)
        }
    }

    /// The voxel value in `labelSet` of this project's `id`: 0 for background and for names the set does not have.
    package func value(of id: Int, in labelSet: LabelSet) -> UInt8 {
        names[id].flatMap { labelSet.value(ofBone: $0) } ?? 0
    }

    /// The table that turns this numbering into `labelSet`: entry `id` is the voxel value for `id` (0…255).
    ///
    /// Ids that this numbering does not use for the spine (organs, for one) become background.
    package func table(to labelSet: LabelSet, sacrum: SacrumExtent = .withS1) -> [UInt8] {
        let names = names
        return (0...255).map { id in names[id].flatMap { labelSet.value(ofBone: $0, sacrum: sacrum) } ?? 0 }
    }

    /// The table that turns `labelSet` into this numbering: entry `value` is the id (0 where this numbering has none).
    package func table(from labelSet: LabelSet) -> [UInt8] {
        let ids = Dictionary(uniqueKeysWithValues: names.map { ($0.value, $0.key) })
        return (0...255).map { value in
            labelSet.label(of: UInt8(value)).flatMap { ids[$0.name] }.map(UInt8.init) ?? 0
        }
    }
}
