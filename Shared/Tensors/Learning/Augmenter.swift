import Augmentation
import Foundation
import TensorCore

/// The light augmentation of a recipe, all draws from the crop's own generator.
struct Augmenter: Sendable {
    let patch: [Int]
    /// Of D, H, W, the one that runs from left to right or back.
    let leftRightAxis: Int

    func augmented(_ crop: CropSampler.Crop, _ random: inout StepRandom) -> CropSampler.Crop {
        var crop = crop
        if random.unit() < 0.5 { mirrorLeftRight(&crop) }
        let scale = Float(random.uniform(0.9, 1.1))
        let shift = Float(random.uniform(-0.1, 0.1))
        let noise = Float(random.uniform(0, 0.05))
        crop.image.withUnsafeMutableBufferPointer { voxels in
            for index in voxels.indices { voxels[index] = voxels[index] * scale + shift + noise * normal(&random) }
        }
        return crop
    }

    /// Every class of the spine is its own mirror image.
    private func mirrorLeftRight(_ crop: inout CropSampler.Crop) {
        crop.image.withUnsafeMutableBufferPointer { mirrorLeftRight($0) }
        crop.labels.withUnsafeMutableBufferPointer { mirrorLeftRight($0) }
    }

    private func mirrorLeftRight<Value>(_ values: UnsafeMutableBufferPointer<Value>) {
        let length = patch[leftRightAxis]
        let inner = patch[(leftRightAxis + 1)...].reduce(1, *)
        for first in stride(from: 0, to: values.count, by: length * inner) {
            for near in 0..<length / 2 {
                let (one, other) = (first + near * inner, first + (length - 1 - near) * inner)
                for index in 0..<inner { values.swapAt(one + index, other + index) }
            }
        }
    }

    /// Nearly normal, mean 0 and deviation 1: the sum of four 16-bit uniforms from one draw (Irwin and Hall), cheap and
    /// bounded.
    private func normal(_ random: inout StepRandom) -> Float {
        let bits = random.next()
        let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
        return (Float(sum) / 65536 - 2) * 1.7320508
    }
}
