/// Which slices show the labelled spine best, and which part of the volume around it.
struct SliceChoice {
    /// The slice across each axis (right, front, head).
    var slices: [Int]
    /// Voxels shown along each axis.
    var ranges: [ClosedRange<Int>]

    /// Tissue shown around the labels on every side.
    static let marginInMillimetres = 40.0

    /// `censuses`: of the label maps shown; the first that has any label decides on the slices, all of them on the
    /// part. Without any label: the volume's middle, all of it.
    init(_ view: AnatomicalView, _ censuses: [LabelCensus]) {
        slices = view.size.map { $0 / 2 }
        ranges = view.size.map { 0...($0 - 1) }
        let labelled = censuses.filter { !$0.labels.isEmpty }
        guard let first = labelled.first else { return }
        slices = [
            Self.middle(first.profile(0)), Self.throughBodies(first),
            Self.largest(first.profile(2), reach: Int(20 / view.spacingInMillimetres[2])),
        ]
        for axis in 0..<3 {
            let profiles = labelled.map { $0.profile(axis) }
            let lows = profiles.compactMap { $0.firstIndex { $0 > 0 } }
            let highs = profiles.compactMap { $0.lastIndex { $0 > 0 } }
            guard let low = lows.min(), let high = highs.max() else { continue }
            let margin = Int((Self.marginInMillimetres / view.spacingInMillimetres[axis]).rounded(.up))
            ranges[axis] = max(0, low - margin)...min(view.size[axis] - 1, high + margin)
        }
    }

    /// The same part, but slices through one class where it is largest: `through` is its voxel value. Without any voxel
    /// of it: as above.
    init(_ view: AnatomicalView, _ censuses: [LabelCensus], through label: UInt8) {
        self.init(view, censuses)
        let profiles = (0..<3).map { axis in
            let each = censuses.map { $0.profile(axis, label: Int(label)) }
            return (0..<view.size[axis]).map { slice in each.map { $0[slice] }.max() ?? 0 }
        }
        guard profiles[0].contains(where: { $0 > 0 }) else { return }
        // Across the body the middle shows the canal; along it the largest section shows body and arch.
        slices = [Self.middle(profiles[0]), Self.largest(profiles[1]), Self.largest(profiles[2])]
    }

    /// Shows no more than this along an axis, around the slice across it.
    mutating func limit(axis: Int, toMillimetres length: Double, _ view: AnatomicalView) {
        let voxels = max(1, Int(length / view.spacingInMillimetres[axis]))
        let range = ranges[axis]
        guard range.count > voxels else { return }
        let low = max(range.lowerBound, min(slices[axis] - voxels / 2, range.upperBound - voxels + 1))
        ranges[axis] = low...low + voxels - 1
    }

    private static func largest(_ counts: [Int]) -> Int {
        counts.indices.max { counts[$0] < counts[$1] } ?? counts.count / 2
    }

    /// Sagittal: half of the labelled voxels lie on either side, which is in the spinal canal's plane.
    private static func middle(_ counts: [Int]) -> Int {
        let total = counts.reduce(0, +)
        var sum = 0
        for (slice, count) in counts.enumerated() {
            sum += count
            if 2 * sum >= total { return slice }
        }
        return counts.count / 2
    }

    /// Axial: the largest labelled area near the middle, so that it is a vertebra's and not a disc's slice.
    private static func largest(_ counts: [Int], reach: Int) -> Int {
        let middle = middle(counts)
        let candidates = max(0, middle - reach)...min(counts.count - 1, middle + reach)
        return candidates.max { counts[$0] < counts[$1] } ?? middle
    }

    /// Coronal: where as many vertebrae as possible show as much of their largest section as possible. Sections are
    /// largest through the bodies, and the spine is curved, so no slice has all of them. The third power prefers some
    /// bodies in full to many arches in part.
    private static func throughBodies(_ census: LabelCensus) -> Int {
        var scores = [Double](repeating: 0, count: census.profile(1).count)
        for label in census.labels {
            let profile = census.profile(1, label: label)
            let largest = Double(profile.max() ?? 1)
            for (slice, count) in profile.enumerated() {
                let share = Double(count) / largest
                scores[slice] += share * share * share
            }
        }
        return scores.indices.max { scores[$0] < scores[$1] } ?? scores.count / 2
    }
}
