import Augmentation
import Plans
import TensorCore
import Volumes

/// Draws one crop of a case; a pure function of the recipe's seed and the crop's number.
struct CropSampler: Sendable {
    let recipe: Recipe
    /// (i, j, k).
    let patch: [Int]
    let padding: WindowPlan.Padding
    /// Of i, j, k, the one that runs from left to right or back.
    let leftRightAxis: Int

    struct Crop: Sendable {
        /// (1, 1, D, H, W).
        var image: Tensor
        /// In the tensor's order.
        var labels: [UInt8]
    }

    func crop(_ trainingCase: TrainingCase, number: Int) -> Crop {
        var random = StepRandom(seed: recipe.seed, purpose: .crop, index: number)
        let size = trainingCase.image.geometry.size
        let centre = random.unit() < recipe.foregroundFraction ? foregroundVoxel(trainingCase.label, &random) : nil
        let origin = (0..<3).map { axis -> Int in
            // A case thinner than the patch is padded on both sides, as the sliding window does.
            guard size[axis] > patch[axis] else { return -((patch[axis] - size[axis]) / 2) }
            let last = size[axis] - patch[axis]
            let uniform = random.below(last + 1)
            guard let centre else { return uniform }
            return min(max(centre[axis] - patch[axis] / 2, 0), last)
        }
        let crop = Crop(
            image: TensorVolume.tensor(trainingCase.image, origin: origin, size: patch, padding: padding),
            labels: TensorVolume.labels(trainingCase.label, origin: origin, size: patch))
        guard recipe.augmentation == .light else { return crop }
        var draws = StepRandom(seed: recipe.seed, purpose: .augmentation, index: number)
        return Augmenter(patch: patch, leftRightAxis: leftRightAxis).augmented(crop, &draws)
    }

    /// A voxel of a class drawn evenly among the classes in view, so that small vertebrae are seen as often as large
    /// ones; nil without any.
    private func foregroundVoxel(_ label: Volume<UInt8>, _ random: inout StepRandom) -> [Int]? {
        let counts = label.labelCounts
        let present = (1..<256).filter { counts[$0] > 0 }
        guard !present.isEmpty else { return nil }
        let chosen = present[random.below(present.count)]
        var remaining = random.below(counts[chosen])
        guard
            let position = label.voxels.firstIndex(where: { value in
                guard value == UInt8(chosen) else { return false }
                remaining -= 1
                return remaining < 0
            })
        else { return nil }
        let size = label.geometry.size
        return [position % size[0], position / size[0] % size[1], position / (size[0] * size[1])]
    }
}
