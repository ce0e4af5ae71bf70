import TensorCore

/// Mirrors left and right or not, then value · scale + shift + noise.
package struct LightJitter: PatchOperator {
    package let mirroredAxis: Int?
    package let scale: Float
    package let shift: Float
    /// The noise's deviation.
    package let noise: Float
    /// Gives each voxel its noise, in order.
    private let stream: StepRandom

    init(_ ranges: Augmentation.Jitter, leftRightAxis: Int, _ random: inout StepRandom) {
        mirroredAxis = random.unit() < ranges.mirrorProbability ? leftRightAxis : nil
        scale = Float(random.within(ranges.scale))
        shift = Float(random.within(ranges.shift))
        noise = Float(random.within(ranges.noise))
        stream = random
    }

    package func apply(to patch: inout LabelledPatch) {
        if let mirroredAxis { Mirror(axes: [mirroredAxis]).apply(to: &patch) }
        var random = stream
        patch.image.withUnsafeMutableBufferPointer { voxels in
            for index in voxels.indices {
                voxels[index] = voxels[index] * scale + shift + noise * Self.normal(&random)
            }
        }
    }

    /// Nearly normal, mean 0 and deviation 1: the sum of four 16-bit uniforms from one draw (Irwin and Hall), cheap and
    /// bounded.
    private static func normal(_ random: inout StepRandom) -> Float {
        let bits = random.next()
        let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
        return (Float(sum) / 65536 - 2) * 1.7320508
    }
}
