import Foundation
import Plans
package import TensorCore

/// MONAI's `DiceCELoss(to_onehot_y, softmax)` with its defaults, value and gradient at once.
///
/// With p the softmax over the K classes, g the one-hot truth, sums over the voxels of a sample:
/// ```
/// Dice = mean over samples and classes of 1 − (2Σpg + ε) / (Σp + Σg + ε),  ε = 1e-5, background and absent classes count
/// CE   = mean over samples and voxels of −log p[truth]
/// ```
/// Sums over voxels are taken in double precision, block by block in a fixed order: the same bits for any number of threads.
package struct DiceCrossEntropy: Sendable {
    package struct Result: Sendable {
        package let dice: Double
        package let crossEntropy: Double
        /// With respect to the logits, in their shape.
        package let gradient: Tensor

        package var value: Double { dice + crossEntropy }
    }

    package let smoothing: Double
    /// Voxels per block: one block's classes stay in the second-level cache.
    private static let block = 1024

    package init(smoothing: Double = 1e-5) { self.smoothing = smoothing }

    /// - Parameters:
    ///   - logits: (N, K, D, H, W).
    ///   - labels: N·D·H·W classes in the tensor's order, each below K (the caller has checked).
    package func callAsFunction(logits: Tensor, labels: [UInt8], pool: ComputePool = .shared) -> Result {
        let layout = Layout(logits.shape)
        precondition(labels.count == layout.samples * layout.voxels, "\(labels.count) labels for logits of shape \(logits.shape)")
        var gradient = Tensor(uninitialized: logits.shape)
        var sums = [Double](repeating: 0, count: layout.blocks * layout.sumsPerBlock)
        var result = (dice: 0.0, crossEntropy: 0.0)
        gradient.withUnsafeMutableBufferPointer { gradient in
            logits.withUnsafeBufferPointer { logits in
                labels.withUnsafeBufferPointer { labels in
                    let (logits, gradient, labels) = (SharedPointer(reading: logits), SharedPointer(gradient), SharedPointer(reading: labels))
                    sums.withUnsafeMutableBufferPointer { sums in
                        let sums = SharedPointer(sums)
                        pool.forEach(count: layout.blocks) { block in
                            Self.softmax(
                                layout, block, logits.base, labels.base, probabilities: gradient.base,
                                sums: sums.base + block * layout.sumsPerBlock)
                        }
                    }
                    let totals = Totals(layout, sums)
                    result = totals.loss(smoothing: smoothing)
                    let slopes = totals.slopes(smoothing: smoothing)
                    slopes.withUnsafeBufferPointer { slopes in
                        let slopes = SharedPointer(reading: slopes)
                        pool.forEach(count: layout.blocks) { block in
                            Self.differentiate(layout, block, labels.base, slopes: slopes.base, gradient: gradient.base)
                        }
                    }
                }
            }
        }
        return Result(dice: result.dice, crossEntropy: result.crossEntropy, gradient: gradient)
    }

    /// Where samples, classes, voxels and blocks lie.
    struct Layout: Sendable {
        let samples: Int
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

        var blocks: Int { samples * blocksPerSample }
        /// Σpg, Σp, Σg per class, then Σ −log p[truth].
        var sumsPerBlock: Int { 3 * classes + 1 }

        /// The sample of a block and its voxels.
        func range(_ block: Int) -> (sample: Int, first: Int, count: Int) {
            let first = block % blocksPerSample * DiceCrossEntropy.block
            return (block / blocksPerSample, first, min(DiceCrossEntropy.block, voxels - first))
        }
    }

    /// Writes the probabilities of one block and its sums.
    private static func softmax(
        _ layout: Layout, _ block: Int, _ logits: UnsafePointer<Float>, _ labels: UnsafePointer<UInt8>,
        probabilities: UnsafeMutablePointer<Float>, sums: UnsafeMutablePointer<Double>
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
            for label in 0..<layout.classes {
                let row = logits + start + label * layout.voxels
                let target = probabilities + start + label * layout.voxels
                for voxel in 0..<count {
                    let power = expf(row[voxel] - highest[voxel])
                    target[voxel] = power
                    total[voxel] += power
                }
            }
            var crossEntropy = 0.0
            for voxel in 0..<count {
                let truth = logits[start + Int(labels[voxel]) * layout.voxels + voxel]
                crossEntropy += Double(logf(total[voxel])) - Double(truth - highest[voxel])
                total[voxel] = 1 / total[voxel]
            }
            sums[3 * layout.classes] = crossEntropy
            for label in 0..<layout.classes {
                let target = probabilities + start + label * layout.voxels
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
                sums[label] += Double(probabilities[start + label * layout.voxels + voxel])
                sums[2 * layout.classes + label] += 1
            }
        }
    }

    /// Turns the probabilities of one block into the gradient, in place.
    ///
    /// With a and b of `Totals.slopes`: ∂Dice/∂p = a + b·g; through the softmax dz = p·(∂p − Σ ∂p·p); cross entropy adds (p − g)/(N·V).
    private static func differentiate(
        _ layout: Layout, _ block: Int, _ labels: UnsafePointer<UInt8>, slopes: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>
    ) {
        let (sample, first, count) = layout.range(block)
        let start = sample * layout.classes * layout.voxels + first
        let labels = labels + sample * layout.voxels + first
        let slopes = slopes + sample * layout.classes * 2
        let perVoxel = 1 / Float(layout.samples * layout.voxels)
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

/// The sums over all voxels of each sample.
private struct Totals {
    let layout: DiceCrossEntropy.Layout
    /// Per sample: Σpg, Σp, Σg per class, then Σ −log p[truth].
    var sums: [[Double]]

    init(_ layout: DiceCrossEntropy.Layout, _ blocks: [Double]) {
        self.layout = layout
        let width = layout.sumsPerBlock
        sums = [[Double]](repeating: [Double](repeating: 0, count: width), count: layout.samples)
        for block in 0..<layout.blocks {
            let sample = layout.range(block).sample
            for entry in 0..<width { sums[sample][entry] += blocks[block * width + entry] }
        }
    }

    func loss(smoothing: Double) -> (dice: Double, crossEntropy: Double) {
        var dice = 0.0
        var crossEntropy = 0.0
        for sample in sums {
            crossEntropy += sample[3 * layout.classes]
            for label in 0..<layout.classes {
                let union = sample[layout.classes + label] + sample[2 * layout.classes + label] + smoothing
                dice += 1 - (2 * sample[label] + smoothing) / union
            }
        }
        return (dice / Double(layout.samples * layout.classes), crossEntropy / Double(layout.samples * layout.voxels))
    }

    /// a = (2I + ε)/U² and b = −2/U, both over N·K, for each sample and class.
    func slopes(smoothing: Double) -> [Float] {
        let terms = Double(layout.samples * layout.classes)
        return sums.flatMap { sample in
            (0..<layout.classes).flatMap { label -> [Float] in
                let union = sample[layout.classes + label] + sample[2 * layout.classes + label] + smoothing
                return [Float((2 * sample[label] + smoothing) / (union * union) / terms), Float(-2 / union / terms)]
            }
        }
    }
}
