import Surfaces
import Synchronization
import Threads
import Volumes

/// Where a label's voxels are: how many, the box around them and the sum of their indices, all exact.
struct LabelExtent: Sendable, Hashable {
    var voxels = 0
    var lower = SIMD3(repeating: Int.max)
    var upper = SIMD3(repeating: -1)
    var sums = SIMD3<Int>.zero

    var box: LabelBox? { voxels > 0 ? LabelBox(lower: lower, upper: upper) : nil }

    /// In voxels; nil without any.
    var centroid: SIMD3<Double>? { voxels > 0 ? SIMD3<Double>(sums) / Double(voxels) : nil }

    /// Adds the voxels `first` ..< `end` of row (j, k).
    mutating func add(_ first: Int, _ end: Int, _ j: Int, _ k: Int) {
        let count = end - first
        voxels += count
        lower = pointwiseMin(lower, SIMD3(first, j, k))
        upper = pointwiseMax(upper, SIMD3(end - 1, j, k))
        sums &+= SIMD3((first + end - 1) * count / 2, j * count, k * count)
    }

    mutating func add(_ other: LabelExtent) {
        voxels += other.voxels
        lower = pointwiseMin(lower, other.lower)
        upper = pointwiseMax(upper, other.upper)
        sums &+= other.sums
    }
}

/// All that one look at every voxel of a pair of label maps tells.
struct PairCensus: Sendable {
    /// How often label t of the truth met label p of the prediction, at t · 256 + p.
    private(set) var joint = [Int](repeating: 0, count: 1 << 16)
    /// By label, 0 left out.
    private(set) var truth = [LabelExtent](repeating: LabelExtent(), count: 256)
    private(set) var prediction = [LabelExtent](repeating: LabelExtent(), count: 256)

    /// One parallel pass. Volumes must have one size. Adding whole numbers gives the same sums in any order.
    init(truth: Volume<UInt8>, prediction: Volume<UInt8>, pool: ComputePool) {
        let size = truth.geometry.size
        let slices = max(1, (1 << 21) / (size[0] * size[1]))
        let total = Mutex(PairCensus())
        pool.forEach(count: (size[2] + slices - 1) / slices) { piece in
            var census = PairCensus()
            for k in piece * slices..<min(size[2], (piece + 1) * slices) {
                census.count(truth, prediction, slice: k)
            }
            total.withLock { $0.add(census) }
        }
        self = total.withLock { $0 }
        joint[0] = truth.geometry.voxelCount - joint.reduce(0, +)
    }

    private init() {}

    /// Background met by background is left out: most of a CT, it is passed over eight voxels at a time.
    private mutating func count(_ truth: Volume<UInt8>, _ prediction: Volume<UInt8>, slice k: Int) {
        for j in 0..<truth.geometry.size[1] {
            let t = truth.voxels.span.extracting(truth.row(j, k))
            let p = prediction.voxels.span.extracting(prediction.row(j, k))
            let width = min(t.count, p.count)
            var i = 0
            while i < width {
                while i + 8 <= width, Self.eight(t, i) | Self.eight(p, i) == 0 { i += 8 }
                guard i < width else { break }
                let (one, other) = (t[i], p[i])
                let first = i
                // Unchecked, or all takes a tenth longer: both rows have `width` voxels.
                repeat {
                    i += 1
                } while i < width && t[unchecked: i] == one && p[unchecked: i] == other
                    && (one | other != 0 || i & 7 != 0)
                if one | other != 0 { add(one, other, first, i, j, k) }
            }
        }
    }

    /// The voxels from i on; the caller has looked that they are there.
    private static func eight(_ row: Span<UInt8>, _ i: Int) -> UInt64 {
        row.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: i, as: UInt64.self)
    }

    private mutating func add(_ one: UInt8, _ other: UInt8, _ first: Int, _ end: Int, _ j: Int, _ k: Int) {
        joint[Int(one) << 8 | Int(other)] += end - first
        if one != 0 { truth[Int(one)].add(first, end, j, k) }
        if other != 0 { prediction[Int(other)].add(first, end, j, k) }
    }

    private mutating func add(_ other: PairCensus) {
        for entry in joint.indices where other.joint[entry] != 0 { joint[entry] += other.joint[entry] }
        for label in 1..<256 {
            truth[label].add(other.truth[label])
            prediction[label].add(other.prediction[label])
        }
    }
}
