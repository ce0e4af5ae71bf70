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

    /// - Parameters:
    ///   - logits: (1, K, D, H, W).
    ///   - confidence: false leaves the probabilities out.
    init(_ logits: Tensor, confidence measures: Bool, pool: ComputePool) {
        let classes = logits.shape[1]
        let voxels = logits.count / classes
        let blocks = (voxels + Self.block - 1) / Self.block
        var labels = [UInt8](repeating: 0, count: voxels)
        var sums = [Double](repeating: 0, count: blocks * classes)
        logits.withUnsafeBufferPointer { logits in
            labels.withUnsafeMutableBufferPointer { labels in
                sums.withUnsafeMutableBufferPointer { sums in
                    let (logits, labels, sums) = (SharedPointer(reading: logits), SharedPointer(labels), SharedPointer(sums))
                    pool.forEach(count: blocks, scratch: Self.block) { block, highest in
                        let range = block * Self.block..<min(voxels, (block + 1) * Self.block)
                        Self.compete(logits.base, classes, voxels, range, highest, labels.base)
                        guard measures else { return }
                        Self.measure(logits.base, classes, voxels, range, highest, labels.base, sums.base + block * classes)
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

    private static func compete(
        _ logits: UnsafePointer<Float>, _ classes: Int, _ voxels: Int, _ range: Range<Int>, _ highest: UnsafeMutablePointer<Float>,
        _ labels: UnsafeMutablePointer<UInt8>
    ) {
        for voxel in range { highest[voxel - range.lowerBound] = logits[voxel] }
        for label in 1..<max(1, classes) {
            let row = logits + label * voxels
            for voxel in range where row[voxel] > highest[voxel - range.lowerBound] {
                highest[voxel - range.lowerBound] = row[voxel]
                labels[voxel] = UInt8(label)
            }
        }
    }

    private static func measure(
        _ logits: UnsafePointer<Float>, _ classes: Int, _ voxels: Int, _ range: Range<Int>, _ highest: UnsafePointer<Float>,
        _ labels: UnsafePointer<UInt8>, _ sums: UnsafeMutablePointer<Double>
    ) {
        for voxel in range where labels[voxel] != 0 {
            var total: Float = 0
            for label in 0..<classes { total += expf(logits[label * voxels + voxel] - highest[voxel - range.lowerBound]) }
            sums[Int(labels[voxel])] += Double(1 / total)
        }
    }
}
