import Foundation
import Plans
package import Ranks
package import TensorCore
package import Threads

/// Dice and cross entropy as MONAI's `DiceCELoss(to_onehot_y, softmax)` or nnU-Net's trainer add them, value and
/// gradient at once.
///
/// With p the softmax over the K classes, g the one-hot truth, sums over the voxels of a sample:
/// ```
/// D    = (2Σpg + ε) / (Σp + Σg + ε),  ε = 1e-5
/// Dice = MONAI: mean over samples and classes of 1 − D, background and absent classes count
///        presentClasses: the same mean over the classes that a sample's truth has
///        nnU-Net: mean over samples and foreground classes of −D; with batch Dice the sums go over all samples
/// CE   = mean over samples and voxels of −log p[truth]
/// ```
/// Sums over voxels are taken in double precision, block by block in a fixed order: the same bits for any number of
/// threads. Ranks that have a share of the samples each gather the blocks' sums of all, and so have the whole batch's
/// value and their samples' part of its gradient, to the same bits as one that has them all.
package struct DiceCrossEntropy: Sendable {
    package struct Result: Sendable {
        package let dice: Double
        package let crossEntropy: Double

        package var value: Double { dice + crossEntropy }
    }

    package enum Form: Sendable, Equatable {
        case monai
        /// MONAI's over the classes that the sample's truth has.
        case presentClasses
        case nnUNet(batchDice: Bool)
    }

    package let smoothing: Double
    package let form: Form
    /// Voxels per block: one block's classes stay in the second-level cache.
    private static let block = 1024

    package init(_ form: Form = .monai, smoothing: Double = 1e-5) {
        self.form = form
        self.smoothing = smoothing
    }

    /// - Parameters:
    ///   - logits: (N, K, D, H, W); turned into the gradient by them.
    ///   - labels: N·D·H·W classes in the tensor's order, each below K (the caller has checked).
    ///   - exchange: with the ranks that have the batch's other samples.
    package func callAsFunction(
        _ logits: inout Tensor, labels: [UInt8], exchange: any RankExchange = Alone(), pool: ComputePool = .shared
    ) -> Result {
        let layout = Layout(logits.shape)
        let batch = layout.times(exchange.count)
        precondition(
            labels.count == layout.samples * layout.voxels, "\(labels.count) labels for logits of shape \(logits.shape)"
        )
        var sums = [Double](repeating: 0, count: layout.blocks * layout.sumsPerBlock)
        var result = (dice: 0.0, crossEntropy: 0.0)
        logits.withUnsafeMutableBufferPointer { logits in
            labels.withUnsafeBufferPointer { labels in
                let (logits, labels) = (SharedPointer(logits), SharedPointer(reading: labels))
                sums.withUnsafeMutableBufferPointer { sums in
                    let sums = SharedPointer(sums)
                    pool.forEach(count: layout.blocks) { block in
                        Self.softmax(
                            layout, block, logits.base, labels.base, sums: sums.base + block * layout.sumsPerBlock)
                    }
                }
                let totals = DiceTotals(batch, exchange.gathered(sums), form, smoothing: smoothing)
                result = (totals.dice, totals.crossEntropy)
                let first = exchange.rank * layout.samples
                let slopes = totals.slopes(first..<first + layout.samples)
                let perVoxel = 1 / Float(batch.samples * batch.voxels)
                slopes.withUnsafeBufferPointer { slopes in
                    let slopes = SharedPointer(reading: slopes)
                    pool.forEach(count: layout.blocks) { block in
                        Self.differentiate(
                            layout, block, labels.base, slopes: slopes.base, perVoxel: perVoxel, gradient: logits.base)
                    }
                }
            }
        }
        return Result(dice: result.dice, crossEntropy: result.crossEntropy)
    }

    /// Where samples, classes, voxels and blocks lie.
    struct Layout: Sendable {
        private(set) var samples: Int
        let classes: Int
        let voxels: Int
        let blocksPerSample: Int

        init(_ shape: [Int]) {
            precondition(shape.count == 5, "logits must be (N, K, D, H, W), got \(shape)")
            samples = shape[0]
            classes = shape[1]
            voxels = shape[2] * shape[3] * shape[4]
            blocksPerSample = (voxels + DiceCrossEntropy.block - 1) / DiceCrossEntropy.block
        }

        /// Of so many times the samples.
        func times(_ count: Int) -> Layout {
            var layout = self
            layout.samples *= count
            return layout
        }

        var blocks: Int { samples * blocksPerSample }
        /// Σpg, Σp, Σg per class, then Σ −log p[truth].
        var sumsPerBlock: Int { 3 * classes + 1 }

        /// The sample of a block and its voxels.
        func range(_ block: Int) -> (sample: Int, first: Int, count: Int) {
            let first = block % blocksPerSample * DiceCrossEntropy.block
            return (block / blocksPerSample, first, min(DiceCrossEntropy.block, voxels - first))
        }
    }

    /// Turns the logits of one block into probabilities, and writes its sums.
    private static func softmax(
        _ layout: Layout, _ block: Int, _ logits: UnsafeMutablePointer<Float>, _ labels: UnsafePointer<UInt8>,
        sums: UnsafeMutablePointer<Double>
    ) {
        let (sample, first, count) = layout.range(block)
        let start = sample * layout.classes * layout.voxels + first
        let labels = labels + sample * layout.voxels + first
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * count) { scratch in
            guard let highest = scratch.baseAddress else { return }
            let total = highest + count
            for voxel in 0..<count { (highest[voxel], total[voxel]) = (-.infinity, 0) }
            for label in 0..<layout.classes {
                let row = logits + start + label * layout.voxels
                for voxel in 0..<count { highest[voxel] = max(highest[voxel], row[voxel]) }
            }
            var crossEntropy = 0.0
            for voxel in 0..<count {
                crossEntropy -= Double(logits[start + Int(labels[voxel]) * layout.voxels + voxel] - highest[voxel])
            }
            for label in 0..<layout.classes {
                let row = logits + start + label * layout.voxels
                exponentials(row, row, minus: highest, count: count)
                for voxel in 0..<count { total[voxel] += row[voxel] }
            }
            for voxel in 0..<count {
                crossEntropy += Double(logf(total[voxel]))
                total[voxel] = 1 / total[voxel]
            }
            sums[3 * layout.classes] = crossEntropy
            for label in 0..<layout.classes {
                let target = logits + start + label * layout.voxels
                var sum = 0.0
                for voxel in 0..<count {
                    let probability = target[voxel] * total[voxel]
                    target[voxel] = probability
                    sum += Double(probability)
                }
                sums[layout.classes + label] = sum
            }
            for voxel in 0..<count {
                let label = Int(labels[voxel])
                sums[label] += Double(logits[start + label * layout.voxels + voxel])
                sums[2 * layout.classes + label] += 1
            }
        }
    }

    /// Turns the probabilities of one block into the gradient, in place.
    ///
    /// With a and b of `DiceTotals.slopes`: ∂Dice/∂p = a + b·g; through the softmax dz = p·(∂p − Σ ∂p·p); cross entropy
    /// adds (p − g)/(N·V), of which `perVoxel` is the divisor's inverse.
    private static func differentiate(
        _ layout: Layout, _ block: Int, _ labels: UnsafePointer<UInt8>, slopes: UnsafePointer<Float>, perVoxel: Float,
        gradient: UnsafeMutablePointer<Float>
    ) {
        let (sample, first, count) = layout.range(block)
        let start = sample * layout.classes * layout.voxels + first
        let labels = labels + sample * layout.voxels + first
        let slopes = slopes + sample * layout.classes * 2
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * count) { scratch in
            guard let mean = scratch.baseAddress else { return }
            let truth = mean + count
            for voxel in 0..<count {
                let label = Int(labels[voxel])
                truth[voxel] = gradient[start + label * layout.voxels + voxel] * slopes[2 * label + 1]
                mean[voxel] = truth[voxel] - perVoxel
            }
            for label in 0..<layout.classes {
                let row = gradient + start + label * layout.voxels
                let slope = slopes[2 * label]
                for voxel in 0..<count { mean[voxel] += slope * row[voxel] }
            }
            for label in 0..<layout.classes {
                let row = gradient + start + label * layout.voxels
                let slope = slopes[2 * label]
                for voxel in 0..<count { row[voxel] *= slope - mean[voxel] }
            }
            for voxel in 0..<count {
                gradient[start + Int(labels[voxel]) * layout.voxels + voxel] += truth[voxel] - perVoxel
            }
        }
    }
}
