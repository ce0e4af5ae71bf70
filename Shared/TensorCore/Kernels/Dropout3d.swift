/// Dropout of whole channels, as PyTorch's Dropout3d: each channel of each sample is zeroed with a probability, the others are
/// scaled by 1 / (1 − probability). Its own transpose, so forward and backward are one function.
package struct Dropout3d: Sendable {
    /// One factor per sample and channel, N × C.
    package let factors: [Float]

    /// `probability` in 0..<1; the same seed draws the same channels.
    package init(probability: Double, batch: Int, channels: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let kept = Float(1 / (1 - probability))
        factors = (0..<batch * channels).map { _ in Double(generator.nextUnitFloat()) < probability ? 0 : kept }
    }

    /// Multiplies every channel of `tensor` `(N, C, D, H, W)` by its factor.
    package func apply(to tensor: inout Tensor, pool: ComputePool) {
        let (voxels, factors) = (tensor.extent.count, factors)
        tensor.writeDisjointly { values in
            pool.forEach(count: factors.count) { plane in
                let channel = values.base + plane * voxels
                // Assigned rather than multiplied: zero times a diverged value is not zero.
                if factors[plane] == 0 {
                    channel.update(repeating: 0, count: voxels)
                } else {
                    for index in 0..<voxels { channel[index] *= factors[plane] }
                }
            }
        }
    }
}
