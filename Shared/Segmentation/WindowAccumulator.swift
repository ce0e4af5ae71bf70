import Plans
import TensorCore

/// Sums of weighted logits over as many planes of axis D as a window is deep. Windows come row by row along D; planes that no later
/// window reaches are divided by their weights and leave as a slab, the others move up:
/// ```
///  base ──┐ finished: next row starts below ──> slab
///         │ ─────────────── next
///         │ still to be added to         ──> moves to the top
///  depth ─┘
/// ```
struct WindowAccumulator {
    private let classes: Int
    /// Of the volume.
    private let size: [Int]
    private let depth: Int
    /// The volume's plane of the sums' first one.
    private var base = 0
    /// (K, depth, H, W) and (depth, H, W).
    private var sums: Tensor
    private var weights: Tensor
    /// The last finished plane, (K, H, W).
    private var previous: Tensor?

    init(classes: Int, size: [Int], window: [Int]) {
        self.classes = classes
        self.size = size
        depth = min(window[0], size[0])
        sums = Tensor(zeros: [classes, depth, size[1], size[2]])
        weights = Tensor(zeros: [depth, size[1], size[2]])
    }

    private var area: Int { size[1] * size[2] }

    /// Adds what the network answered for one window.
    mutating func add(_ answer: Tensor, importance: [Float], _ span: WindowSpan, pool: ComputePool) {
        let window = span.window
        let windowVoxels = window.reduce(1, *)
        let (channel, offset) = (depth * area, base * area)
        let rows = span.rowsInside
        sums.withUnsafeMutableBufferPointer { sums in
            weights.withUnsafeMutableBufferPointer { weights in
                answer.withUnsafeBufferPointer { answer in
                    importance.withUnsafeBufferPointer { importance in
                        let (sums, weights) = (SharedPointer(sums), SharedPointer(weights))
                        let (answer, importance) = (SharedPointer(reading: answer), SharedPointer(reading: importance))
                        // Index 0 sums the weights, index 1 + c the logits of class c.
                        pool.forEach(count: classes + 1) { index in
                            for (i, j) in rows {
                                let row = span.row(i, j) - offset
                                let local = (i * window[1] + j) * window[2]
                                let weight = importance.base + local
                                if index == 0 {
                                    for k in span.inside[2] { weights.base[row + k] += weight[k] }
                                } else {
                                    let target = sums.base + (index - 1) * channel + row
                                    let source = answer.base + (index - 1) * windowVoxels + local
                                    for k in span.inside[2] { target[k] += weight[k] * source[k] }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The planes below `next`, which no further window reaches.
    mutating func finish(before next: Int, pool: ComputePool) -> LogitSlab {
        let (area, channel, count) = (area, depth * area, next - base)
        let carried = previous == nil ? 0 : 1
        var slab = Tensor(uninitialized: [1, classes, carried + count, size[1], size[2]])
        var last = Tensor(uninitialized: [classes, size[1], size[2]])
        let kept = channel - count * area
        slab.withUnsafeMutableBufferPointer { slab in
            last.withUnsafeMutableBufferPointer { last in
                sums.withUnsafeMutableBufferPointer { sums in
                    weights.withUnsafeBufferPointer { weights in
                        let (slab, last, sums, weights) = (SharedPointer(slab), SharedPointer(last), SharedPointer(sums), SharedPointer(reading: weights))
                        let previous = previous
                        pool.forEach(count: classes) { label in
                            let target = slab.base + label * (carried + count) * area
                            previous?.withUnsafeBufferPointer { plane in
                                for index in 0..<area { target[index] = plane[label * area + index] }
                            }
                            let fresh = target + carried * area
                            let source = sums.base + label * channel
                            for index in 0..<count * area { fresh[index] = source[index] / weights.base[index] }
                            (last.base + label * area).update(from: fresh + (count - 1) * area, count: area)
                            source.update(from: source + count * area, count: kept)
                            (source + kept).update(repeating: 0, count: count * area)
                        }
                    }
                }
            }
        }
        weights.withUnsafeMutableBufferPointer { weights in
            guard let weights = weights.baseAddress else { return }
            weights.update(from: weights + count * area, count: kept)
            (weights + kept).update(repeating: 0, count: count * area)
        }
        defer { (base, previous) = (next, last) }
        return LogitSlab(logits: slab, first: base - carried, fresh: base..<next)
    }
}
