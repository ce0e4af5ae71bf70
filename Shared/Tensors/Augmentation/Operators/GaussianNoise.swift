import Statistics
import TensorCore

/// Normal noise on every voxel.
package struct GaussianNoise: PatchOperator, Equatable {
    package let deviation: Float
    /// Of the voxels' numbers.
    package let seed: UInt64

    package init(deviation: Float, seed: UInt64) {
        self.deviation = deviation
        self.seed = seed
    }

    package func apply(to patch: inout LabelledPatch) {
        NormalNumbers.quantiles.withUnsafeBufferPointer { quantiles in
            patch.image.withUnsafeMutableBufferPointer { voxels in
                var state = seed
                var index = 0
                while index < voxels.count {
                    state &+= SplitMix64.step
                    // Four numbers a draw.
                    var bits = SplitMix64.mixed(state)
                    for place in index..<min(index + 4, voxels.count) {
                        voxels[place] += deviation * quantiles[Int(bits & 0xFFFF)]
                        bits >>= 16
                    }
                    index += 4
                }
            }
        }
    }
}
