import Statistics
import Threads

/// Dropout of whole channels, as PyTorch's Dropout3d: each channel of each sample is zeroed with a probability, the
/// others are scaled by 1 / (1 − probability). Its own transpose, so forward and backward are one function.
package struct Dropout3d: Sendable {
    /// One factor per sample and channel, N × C.
    package let factors: [Float]

    /// `probability` in 0..<1; the same seed draws the same channels.
    package init(probability: Double, batch: Int, channels: Int, seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let kept = Float(1 / (1 - probability))
        factors = (0..<batch * channels).map { _ in Double(generator.nextUnitFloat()) < probability ? 0 : kept }
    }

    /// Multiplies every channel of `map` by its factor, in place.
    package func apply(to map: FeatureMap, in workspace: Workspace) {
        let vectors = (0..<map.batch).flatMap { sample in
            FeatureMap.vectors(
                Tensor(Array(factors[sample * map.channels..<(sample + 1) * map.channels]), shape: [map.channels]))
        }
        let target = map.memory
        forEachChunk(map, in: workspace) { plane, range in
            let factor = vectors[plane]
            for place in stride(from: range.lowerBound, to: range.upperBound, by: FeatureMap.lanes) {
                // Zeroed rather than multiplied: zero times a diverged value is not zero.
                (Vector(at: target.base + place) * factor).replacing(with: 0, where: factor .== 0).store(
                    at: target.base + place)
            }
        }
    }
}
