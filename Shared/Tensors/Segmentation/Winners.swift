import Plans
import TensorCore
import Threads

/// The winning class of every voxel of the network's grid, and how sure the network was.
struct Winners: Sendable {
    /// In the tensor's order (k fastest).
    let labels: [UInt8]
    /// Sum of the winner's probability by class; background isn't summed.
    let confidence: [Double]
    /// Sum of the softmax's entropy by winning class, in nats; background isn't summed.
    let entropy: [Double]
    let counts: [Int]

    private static let block = 4096

    /// Of the slab's fresh planes.
    /// - Parameter measures: false leaves probabilities and entropies out.
    init(_ slab: LogitSlab, confidence measures: Bool, pool: ComputePool) {
        let shape = slab.logits.shape
        let area = shape[3] * shape[4]
        let classes = shape[1]
        let voxels = slab.fresh.count * area
        let blocks = (voxels + Self.block - 1) / Self.block
        let (skipped, channel) = ((slab.fresh.lowerBound - slab.first) * area, slab.planes * area)
        var labels = [UInt8](repeating: 0, count: voxels)
        // Per block: the classes' probabilities, then their entropies.
        var sums = [Double](repeating: 0, count: blocks * 2 * classes)
        slab.logits.withUnsafeBufferPointer { logits in
            labels.withUnsafeMutableBufferPointer { labels in
                sums.withUnsafeMutableBufferPointer { sums in
                    let (logits, labels, sums) = (
                        SharedPointer(reading: logits), SharedPointer(labels), SharedPointer(sums)
                    )
                    pool.forEach(count: blocks, scratch: 2 * Self.block) { block, highest in
                        let first = block * Self.block
                        let (logits, count, winners) = (
                            logits.base + skipped + first, min(Self.block, voxels - first), highest + Self.block
                        )
                        winningClasses(winners, highest, logits, stride: channel, classes: classes, count: count)
                        writeLabels(labels.base + first, winners, count: count)
                        guard measures else { return }
                        let probabilities = sums.base + 2 * block * classes
                        addWinningCertainties(
                            probabilities, probabilities + classes, winners, highest, logits, stride: channel,
                            classes: classes, count: count)
                    }
                }
            }
        }
        var counts = [Int](repeating: 0, count: 256)
        for label in labels { counts[Int(label)] += 1 }
        self.labels = labels
        self.counts = Array(counts[..<classes])
        let totals = (0..<2 * classes).map { place in (0..<blocks).reduce(0) { $0 + sums[2 * $1 * classes + place] } }
        (confidence, entropy) = (Array(totals[..<classes]), Array(totals[classes...]))
    }
}
