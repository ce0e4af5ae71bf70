import Augmentation
import Plans
import TensorCore
import Volumes

/// Draws one crop of a case; a pure function of the recipe's seed and the crop's number.
package struct CropSampler: Sendable {
    let recipe: Recipe
    /// Edges of the crop (i, j, k).
    let patch: [Int]
    let padding: WindowPlan.Padding
    /// Of i, j, k, the one that runs from left to right or back.
    let leftRightAxis: Int
    /// Crops for validation are drawn apart from those to learn from, and are not augmented.
    var isForValidation = false

    func crop(_ loaded: LoadedCase, number: Int) -> LabelledPatch {
        var random = StepRandom(
            seed: recipe.seed, purpose: isForValidation ? .validationCrop : .crop, index: number)
        // Larger than the crop where rotations would else find nothing in its corners.
        let source = isForValidation ? patch : recipe.augmentation.sourcePatch(for: patch)
        let origin = origin(in: loaded, number: number, source: source, &random)
        // Where nothing is drawn that moves voxels, the middle is all that is needed.
        let size =
            isForValidation
            ? patch : recipe.augmentation.sourcePatch(for: patch, seed: recipe.seed, index: number)
        let first = (0..<3).map { origin[$0] + source[$0] / 2 - size[$0] / 2 }
        let cut = LabelledPatch(
            image: TensorVolume.tensor(loaded.image, origin: first, size: size, padding: padding),
            labels: TensorVolume.labels(loaded.label, origin: first, size: size))
        if isForValidation { return cut }
        return recipe.augmentation(cut, to: patch, leftRightAxis: leftRightAxis, seed: recipe.seed, index: number)
    }

    /// Where the source patch begins, below 0 or reaching over the end where it is padded.
    private func origin(in loaded: LoadedCase, number: Int, source: [Int], _ random: inout StepRandom) -> [Int] {
        let size = loaded.image.geometry.size
        switch recipe.cropping {
        case .inside:
            let isOnClass = random.unit() < recipe.foregroundFraction
            let centre = isOnClass ? loaded.places.voxel(in: size, &random) : nil
            return (0..<3).map { axis in
                let margin = source[axis] / 2 - patch[axis] / 2
                // A case thinner than the patch is padded on both sides, as the sliding window does.
                guard size[axis] > patch[axis] else { return -((patch[axis] - size[axis]) / 2) - margin }
                let last = size[axis] - patch[axis]
                let uniform = random.below(last + 1)
                guard let centre else { return uniform - margin }
                return min(max(centre[axis] - patch[axis] / 2, 0), last) - margin
            }
        case .overhanging:
            let place = number % recipe.cropsPerStep
            let uniform = Int((Double(recipe.cropsPerStep) * (1 - recipe.foregroundFraction)).rounded(.toNearestOrEven))
            let centre = place >= uniform ? loaded.places.voxel(in: size, &random) : nil
            return (0..<3).map { axis in
                let bounds = Self.overhang(size: size[axis], source: source[axis], final: patch[axis])
                let uniform = bounds.lowerBound + random.below(bounds.count)
                return centre.map { max(bounds.lowerBound, $0[axis] - source[axis] / 2) } ?? uniform
            }
        }
    }

    /// Where nnU-Net lets a source patch begin, so that every final patch within it can lie anywhere in the case, and a
    /// case thinner than the source is padded on both sides.
    package static func overhang(size: Int, source: Int, final: Int) -> ClosedRange<Int> {
        let padding = max(source - final, source - size)
        // Rounded down, as Python's // does.
        let first = -((padding + 1) / 2)
        return first...max(first, size + padding / 2 + padding % 2 - source)
    }
}
