/// Which slices show the labelled spine best, and which part of the volume around it.
struct SliceChoice {
    /// The slice across each axis (right, front, head).
    var slices: [Int]
    /// Voxels shown along each axis.
    var ranges: [ClosedRange<Int>]

    /// Tissue shown around the labels on every side.
    static let marginInMillimetres = 40.0

    /// `labels`: the label maps shown; the first that has any label decides on the slices, all of them on the part.
    /// Without any label: the volume's middle, all of it.
    init(_ view: AnatomicalView, labels: [[UInt8]]) {
        slices = view.size.map { $0 / 2 }
        ranges = view.size.map { 0...($0 - 1) }
        let profiles = labels.map(view.labelProfiles).filter { $0[0].contains { $0 > 0 } }
        guard let first = profiles.first else { return }
        for axis in 0..<3 {
            slices[axis] = Self.slice(first[axis], axis: axis, spacing: view.spacingInMillimetres[axis])
            let lows = profiles.compactMap { $0[axis].firstIndex { $0 > 0 } }
            let highs = profiles.compactMap { $0[axis].lastIndex { $0 > 0 } }
            guard let low = lows.min(), let high = highs.max() else { continue }
            let margin = Int((Self.marginInMillimetres / view.spacingInMillimetres[axis]).rounded(.up))
            ranges[axis] = max(0, low - margin)...min(view.size[axis] - 1, high + margin)
        }
    }

    /// Sagittal: the middle of the label mass, which lies in the canal. Coronal: the largest labelled area, which is
    /// where the vertebral bodies are. Axial: the largest area within 20 mm of the middle, rather than a disc.
    private static func slice(_ counts: [Int], axis: Int, spacing: Double) -> Int {
        let total = counts.reduce(0, +)
        var (sum, median) = (0, 0)
        for (slice, count) in counts.enumerated() {
            sum += count
            if 2 * sum >= total {
                median = slice
                break
            }
        }
        let reach = [0, counts.count, Int(20 / spacing)][axis]
        let candidates = max(0, median - reach)...min(counts.count - 1, median + reach)
        return candidates.max { counts[$0] < counts[$1] } ?? median
    }
}
