import Augmentation
import TensorCore
import Testing

@Suite struct AugmentationTests {
    private static let presets = [Augmentation.none, .light, .nnUNet, .strong]

    private func augmented(
        _ augmentation: Augmentation, _ sample: LabelledPatch, to patch: [Int] = [8, 8, 8], seed: UInt64 = 3,
        index: Int
    ) -> LabelledPatch {
        augmentation(sample, to: patch, leftRightAxis: 2, seed: seed, index: index)
    }

    @Test(arguments: presets) func theSameNumberGivesTheSameBytes(augmentation: Augmentation) {
        let sample = SyntheticPatch.of(augmentation.sourcePatch(for: [8, 8, 8]))
        for index in 0..<30 {
            let first = augmented(augmentation, sample, index: index)
            #expect(first.image.shape == [1, 1, 8, 8, 8] && first.labels.count == 512)
            #expect(first.image.values.allSatisfy { $0.isFinite })
            #expect(first == augmented(augmentation, sample, index: index))
        }
        let distinct = Set((0..<30).map { augmented(augmentation, sample, index: $0).image.values })
        // nnU-Net leaves some patches as they are, or mirrors them alike.
        #expect(augmentation == .none ? distinct.count == 1 : distinct.count > 15)
    }

    @Test func whereNothingIsDrawnAPatchStaysAsItIs() {
        let sample = SyntheticPatch.of([8, 9, 10])
        #expect(augmented(.none, sample, to: [8, 9, 10], index: 5) == sample)
    }

    @Test func withoutRotationTheMiddleIsCut() {
        var still = Augmentation.nnUNet
        for path in [\Augmentation.noise, \.blur, \.brightness, \.contrast, \.lowResolution, \.invertedGamma, \.gamma] {
            still[keyPath: path].probability = 0
        }
        still.mirroring.probability = 0
        still.rotation.probability = 0
        let sample = SyntheticPatch.ramp([11, 12, 13], along: 1) { UInt8($0) }
        let unmoved = (0..<40).map { augmented(still, sample, index: $0) }.filter { $0.image[0] == 2 }
        // Scaling is left, on every fifth.
        #expect((25...38).contains(unmoved.count))
        let middle: [UInt8] = (0..<512).map { index in UInt8(index / 8 % 8 + 2) }
        for patch in unmoved { #expect(patch.labels == middle) }
    }

    @Test func whatIsOnlyCutNeedsNoSourceAround() {
        let (patch, source) = ([8, 9, 10], Augmentation.strong.sourcePatch(for: [8, 9, 10]))
        let sample = SyntheticPatch.of(source)
        var small = 0
        for index in 0..<20 {
            let needed = Augmentation.strong.sourcePatch(for: patch, seed: 3, index: index)
            #expect(needed == patch || needed == source)
            var cut = sample
            SpatialTransform(patch: needed).apply(to: &cut)
            #expect(
                augmented(.strong, cut, to: patch, index: index) == augmented(.strong, sample, to: patch, index: index))
            small += needed == patch ? 1 : 0
        }
        #expect((1..<15).contains(small))
    }

    /// What recipes of earlier versions drew: the mirror, then three numbers, then one a voxel.
    @Test func theLightAugmentationIsWhatItEverWas() {
        let sample = SyntheticPatch.of([4, 6, 5])
        for index in 0..<8 {
            for axis in 0..<3 {
                var random = StepRandom(seed: 77, purpose: .augmentation, index: index)
                var expected = sample
                if random.unit() < 0.5 { Mirror(axes: [axis]).apply(to: &expected) }
                let scale = Float(random.uniform(0.9, 1.1))
                let shift = Float(random.uniform(-0.1, 0.1))
                let noise = Float(random.uniform(0, 0.05))
                for voxel in 0..<expected.image.count {
                    let bits = random.next()
                    let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
                    let normal = (Float(sum) / 65536 - 2) * 1.7320508
                    expected.image[voxel] = expected.image[voxel] * scale + shift + noise * normal
                }
                let found = Augmentation.light(sample, to: [4, 6, 5], leftRightAxis: axis, seed: 77, index: index)
                #expect(found == expected)
            }
        }
    }

    @Test func theStrongAugmentationNeverMirrorsHeadAndFeet() {
        for leftRightAxis in 0..<3 {
            let steps = (0..<200).flatMap {
                Augmentation.strong.operators(for: [4, 4, 4], leftRightAxis: leftRightAxis, seed: 1, index: $0)
            }
            let mirrors = steps.compactMap { $0 as? Mirror }
            #expect((70...130).contains(mirrors.count))
            #expect(mirrors.allSatisfy { $0.axes == [leftRightAxis] })
        }
    }

    @Test func thickSlicesAreMovedWithinThemselves() {
        var turning = Augmentation.strong
        turning.rotationInPlane = .init(1, -180...180)
        turning.elastic.probability = 1
        let patch = [4, 16, 16]
        let source = turning.sourcePatch(for: patch)
        #expect(source[0] == 4 && source[1] > 16)
        let sample = SyntheticPatch.ramp(source, along: 0) { UInt8($0 + 1) }
        for index in 0..<10 {
            let labels = augmented(turning, sample, to: patch, index: index).labels
            for slice in 0..<4 {
                let found = Set(labels[slice * 256..<(slice + 1) * 256])
                #expect(found.isSubset(of: [0, UInt8(slice + 1)]) && found.contains(UInt8(slice + 1)))
            }
        }
    }
}
