import Plans
import TensorCore
import Threads

/// Sums of weighted logits over as many planes of axis D as a window is deep, and the plane before them. Windows come
/// row by row along D; planes that no later window reaches are divided by their weights and leave as a slab, the others
/// move up:
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

    /// Adds what the network answered for one window, mirrored along `mirrored`.
    /// - Returns: false if a sum is NaN or infinite.
    mutating func add(_ answer: Tensor, importance: [Float], _ span: WindowSpan, mirrored: Set<Int>, pool: ComputePool)
        -> Bool
    {
        let window = span.window
        let windowVoxels = window.reduce(1, *)
        let (channel, offset) = (planes * area, (base - 1) * area)
        let run = span.inside[2]
        let descends = mirrored.contains(2)
        let runs = span.rowsInside.map { i, j in
            Run(
                sum: span.row(i, j) - offset + run.lowerBound, weight: (i * window[1] + j) * window[2] + run.lowerBound,
                answer: span.position([i, j, run.lowerBound], mirrored: mirrored))
        }
        var strays = [Float](repeating: 0, count: classes)
        sums.withUnsafeMutableBufferPointer { sums in
            weights.withUnsafeMutableBufferPointer { weights in
                answer.withUnsafeBufferPointer { answer in
                    importance.withUnsafeBufferPointer { importance in
                        strays.withUnsafeMutableBufferPointer { strays in
                            let (sums, weights, strays) = (
                                SharedPointer(sums), SharedPointer(weights), SharedPointer(strays)
                            )
                            let (answer, importance) = (
                                SharedPointer(reading: answer), SharedPointer(reading: importance)
                            )
                            // Index 0 sums the weights, index 1 + c the logits of class c.
                            pool.forEach(count: classes + 1) { index in
                                guard index > 0 else {
                                    for one in runs {
                                        addRow(weights.base + one.sum, importance.base + one.weight, count: run.count)
                                    }
                                    return
                                }
                                let label = index - 1
                                for one in runs {
                                    strays.base[label] += addWeighted(
                                        sums.base + label * channel + one.sum, importance.base + one.weight,
                                        answer.base + label * windowVoxels + one.answer, count: run.count,
                                        descends: descends)
                                }
                            }
                        }
                    }
                }
            }
        }
        return strays.allSatisfy { $0 == 0 }
    }

    /// Where a row of voxels begins: in the sums of a class, in the weights of a window, in the answer of a class.
    private struct Run: Sendable {
        let sum: Int
        let weight: Int
        let answer: Int
    }

    /// The planes below `next`, which no further window reaches, divided by their weights, and their classes pooled into
    /// two groups where `bones` says which is which (`poolClasses`). The slab shares the sums'
    /// memory: let go of it before `moveUp`.
    mutating func finish(before next: Int, bones: [Bool]? = nil, pool: ComputePool) -> LogitSlab {
        let (channel, start, end) = (planes * area, area, area * (1 + next - base))
        sums.withUnsafeMutableBufferPointer { sums in
            weights.withUnsafeBufferPointer { weights in
                let (sums, weights) = (SharedPointer(sums), SharedPointer(reading: weights))
                pool.forEach(count: classes) { label in
                    divideRow(
                        sums.base + label * channel + start, by: weights.base + start, unseen: LogitSlab.unseen(label),
                        count: end - start)
                }
            }
        }
        if let bones { poolFinished(start..<end, bones, pool: pool) }
        return LogitSlab(
            logits: sums.reshaped([1, classes, planes, size[1], size[2]]), first: base - 1, fresh: base..<next)
    }

    /// - Parameter range: voxels of a class's planes.
    private mutating func poolFinished(_ range: Range<Int>, _ bones: [Bool], pool: ComputePool) {
        let (channel, block, classes) = (planes * area, 4096, classes)
        sums.withUnsafeMutableBufferPointer { sums in
            bones.withUnsafeBufferPointer { bones in
                let (sums, bones) = (SharedPointer(sums), SharedPointer(reading: bones))
                pool.forEach(count: (range.count + block - 1) / block) { number in
                    let first = range.lowerBound + number * block
                    poolClasses(
                        sums.base + first, stride: channel, isSecond: bones.base, classes: classes,
                        count: min(block, range.upperBound - first))
                }
            }
        }
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
