import Augmentation
import Testing

@Suite struct AugmentationTests {
    /// networks.md, 3.8.
    @Test(arguments: [
        ([128, 128, 128], [205, 205, 205]), ([128, 160, 112], [224, 228, 189]),
    ]) func theSourcePatchIsNNUNets(patch: [Int], source: [Int]) {
        #expect(Augmentation.nnUNet.sourcePatch(for: patch) == source)
        #expect(Augmentation.none.sourcePatch(for: patch) == patch)
        #expect(Augmentation.light.sourcePatch(for: patch) == patch)
    }
}
