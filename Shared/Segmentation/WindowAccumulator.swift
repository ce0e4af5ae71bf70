import Plans
import TensorCore

/// Sums of weighted logits over as many planes of axis D as a window is deep, and the plane before them. Windows come row by row
/// along D; planes that no later window reaches are divided by their weights and leave as a slab, the others move up:
/// ```
///          │ last plane of the slab before, for whoever interpolates
///  base  ──┤ finished: the next row starts below ──> slab
///          │ ─────────────── next
///          │ still to be added to              ──> moves up
/// ```
struct WindowAccumulator {
    private let classes: Int
    /// Of the volume.
    private let size: [Int]
    /// Held: the one before `base` and as many as a window is deep.
    private let planes: Int
    /// The volume's first unfinished plane.
    private var base = 0
    /// (K, planes, H, W) and (planes, H, W).
    private var sums: Tensor
    private var weights: Tensor

    init(classes: Int, size: [Int], window: [Int]) {
        self.classes = classes
        self.size = size
        planes = 1 + min(window[0], size[0])
        sums = Tensor(zeros: [classes, planes, size[1], size[2]])
        weights = Tensor(zeros: [planes, size[1], size[2]])
    }

    private var area: Int { size[1] * size[2] }

    /// Adds what the network answered for one window.
    mutating func add(_ answer: Tensor, importance: [Float], _ span: WindowSpan, pool: ComputePool) {
        let window = span.window
        let windowVoxels = window.reduce(1, *)
        let (channel, offset) = (planes * area, (base - 1) * area)
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

    /// The planes below `next`, which no further window reaches, divided by their weights. The slab shares the sums' memory: let go of it
    /// before `moveUp`.
    mutating func finish(before next: Int, pool: ComputePool) -> LogitSlab {
        let (channel, start, end) = (planes * area, area, area * (1 + next - base))
        sums.withUnsafeMutableBufferPointer { sums in
            weights.withUnsafeBufferPointer { weights in
                let (sums, weights) = (SharedPointer(sums), SharedPointer(reading: weights))
                pool.forEach(count: classes) { label in
                    let target = sums.base + label * channel
                    for index in start..<end { target[index] /= weights.base[index] }
                }
            }
        }
        return LogitSlab(logits: sums.reshaped([1, classes, planes, size[1], size[2]]), first: base - 1, fresh: base..<next)
    }

    /// Keeps the last finished plane, moves the unfinished ones to the top and clears the rest.
    mutating func moveUp(to next: Int, pool: ComputePool) {
        let (shift, total) = ((next - base) * area, planes * area)
        base = next
        sums.withUnsafeMutableBufferPointer { sums in
            let sums = SharedPointer(sums)
            pool.forEach(count: classes) { label in Self.moveUp(sums.base + label * total, by: shift, of: total) }
        }
        weights.withUnsafeMutableBufferPointer { weights in
            if let weights = weights.baseAddress { Self.moveUp(weights, by: shift, of: total) }
        }
    }

    private static func moveUp(_ values: UnsafeMutablePointer<Float>, by shift: Int, of count: Int) {
        values.update(from: values + shift, count: count - shift)
        (values + count - shift).update(repeating: 0, count: shift)
    }
}
