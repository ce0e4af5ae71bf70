/// The runs of one plane of a label map: neighbouring voxels along i that have one label. Background has none.
struct PlaneRuns {
    /// First voxel and the one after the last, along i.
    private(set) var starts: [Int32] = []
    private(set) var ends: [Int32] = []
    private(set) var labels: [UInt8] = []
    /// The first run of each row j, and one more: the number of runs.
    private(set) var rows: [Int32] = []
    /// What the first run is called among all of the volume.
    private(set) var base = 0

    var count: Int { labels.count }

    func runs(ofRow j: Int) -> Range<Int> { Int(rows[j])..<Int(rows[j + 1]) }

    /// Reads a plane of `size[0]` × `size[1]` voxels, i fastest.
    mutating func read(_ plane: Span<UInt8>, size: [Int], base: Int) {
        self.base = base
        starts.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        labels.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
        rows.append(0)
        for j in 0..<size[1] {
            Self.forEachRun(plane.extracting(j * size[0]..<(j + 1) * size[0])) { label, start, end in
                labels.append(label)
                starts.append(Int32(truncatingIfNeeded: start))
                ends.append(Int32(truncatingIfNeeded: end))
            }
            rows.append(Int32(truncatingIfNeeded: labels.count))
        }
    }

    static func count(_ plane: Span<UInt8>, size: [Int]) -> Int {
        var count = 0
        for j in 0..<size[1] { forEachRun(plane.extracting(j * size[0]..<(j + 1) * size[0])) { _, _, _ in count += 1 } }
        return count
    }

    @inline(__always)
    private static func forEachRun(
        _ row: Span<UInt8>, _ body: (_ label: UInt8, _ start: Int, _ end: Int) -> Void
    ) {
        let (bytes, count) = (row.bytes, row.count)
        var index = 0
        while true {
            // Most of a label map is background: eight voxels at a time.
            while index + 8 <= count,
                bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self) == 0
            {
                index += 8
            }
            while index < count, row[index] == 0 { index += 1 }
            guard index < count else { return }
            let (label, start) = (row[index], index)
            repeat { index += 1 } while index < count && row[index] == label
            body(label, start, index)
        }
    }

    /// The pairs of runs of two rows that overlap along i when both are lengthened by `reach` voxels in all: 1 for
    /// neighbours by edge or corner too, 0 for neighbours by face. The rows may be of different planes.
    @inline(__always)
    static func forEachOverlap(
        _ left: PlaneRuns, _ leftRow: Int, _ right: PlaneRuns, _ rightRow: Int, reach: Int32,
        _ body: (_ left: Int, _ right: Int) -> Void
    ) {
        let candidates = right.runs(ofRow: rightRow)
        var first = candidates.lowerBound
        for run in left.runs(ofRow: leftRow) {
            let (start, end) = (left.starts[run] - reach, left.ends[run] + reach)
            while first < candidates.upperBound, right.ends[first] <= start { first += 1 }
            var other = first
            while other < candidates.upperBound, right.starts[other] < end {
                body(run, other)
                other += 1
            }
        }
    }
}
