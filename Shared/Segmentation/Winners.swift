import Foundation
import Plans
import TensorCore

/// The winning class of every voxel of the network's grid, and how sure the network was.
struct Winners: Sendable {
    /// In the tensor's order (k fastest).
    let labels: [UInt8]
    /// Sum of the winner's probability by class; background isn't summed.
    let confidence: [Double]
    let counts: [Int]

    private static let block = 4096

    /// Of the slab's fresh planes.
    /// - Parameter measures: false leaves the probabilities out.
    init(_ slab: LogitSlab, confidence measures: Bool, pool: ComputePool) {
        let shape = slab.logits.shape
        let area = shape[3] * shape[4]
        let classes = shape[1]
        let voxels = slab.fresh.count * area
        let blocks = (voxels + Self.block - 1) / Self.block
        let (skipped, channel) = ((slab.fresh.lowerBound - slab.first) * area, slab.planes * area)
        var labels = [UInt8](repeating: 0, count: voxels)
        var sums = [Double](repeating: 0, count: blocks * classes)
        slab.logits.withUnsafeBufferPointer { logits in
            labels.withUnsafeMutableBufferPointer { labels in
                sums.withUnsafeMutableBufferPointer { sums in
                    let (logits, labels, sums) = (SharedPointer(reading: logits), SharedPointer(labels), SharedPointer(sums))
                    pool.forEach(count: blocks, scratch: Self.block) { block, highest in
                        let first = block * Self.block
                        let task = Block(
                            logits: logits.base + skipped + first, channel: channel, classes: classes, count: min(Self.block, voxels - first),
                            highest: highest, labels: labels.base + first)
                        task.compete()
                        if measures { task.measure(into: sums.base + block * classes) }
                    }
                }
            }
        }
        var counts = [Int](repeating: 0, count: 256)
        for label in labels { counts[Int(label)] += 1 }
        self.labels = labels
        self.counts = Array(counts[..<classes])
        confidence = (0..<classes).map { label in (0..<blocks).reduce(0) { $0 + sums[$1 * classes + label] } }
    }

    /// A run of voxels, all pointers at its first.
    private struct Block {
        let logits: UnsafePointer<Float>
        /// From one class to the next.
        let channel: Int
        let classes: Int
        let count: Int
        let highest: UnsafeMutablePointer<Float>
        let labels: UnsafeMutablePointer<UInt8>

        func compete() {
            for voxel in 0..<count { highest[voxel] = logits[voxel] }
            for label in 1..<max(1, classes) {
                let row = logits + label * channel
                for voxel in 0..<count where row[voxel] > highest[voxel] {
                    highest[voxel] = row[voxel]
                    labels[voxel] = UInt8(label)
                }
            }
        }

        func measure(into sums: UnsafeMutablePointer<Double>) {
            for voxel in 0..<count where labels[voxel] != 0 {
                var total: Float = 0
                for label in 0..<classes { total += expf(logits[label * channel + voxel] - highest[voxel]) }
                sums[Int(labels[voxel])] += Double(1 / total)
            }
        }
    }
}
