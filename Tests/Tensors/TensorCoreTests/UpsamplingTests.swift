import TensorCore
import TestSupport
import Testing
import Threads

@Suite struct UpsamplingTests {
    private let workspace = Workspace(pool: ComputePool(threads: 2))

    private func enlarged(_ input: Tensor, adding skip: Tensor) -> Tensor {
        upsampled(FeatureMap(input, in: workspace), adding: FeatureMap(skip, in: workspace), in: workspace).map.planar(
            in: workspace)
    }

    @Test func oneAxisFollowsTheReferenceNumbers() {
        let input = Tensor([0, 1, 4, 9], shape: [1, 1, 1, 1, 4])
        let row: [Float] = [0, 0.25, 0.75, 1.75, 3.25, 5.25, 7.75, 9]
        #expect(enlarged(input, adding: Tensor(zeros: [1, 1, 2, 2, 8])).values == row + row + row + row)
    }

    @Test(arguments: [[1, 1, 1], [1, 2, 3], [3, 5, 7], [4, 4, 17]]) func forwardEqualsTheDefinitionPlusTheSkip(
        extent: [Int]
    ) {
        let input = Samples.uniform([2, 11] + extent, seed: 31)
        let skip = Samples.uniform([2, 11] + extent.map { $0 * 2 }, seed: 34)
        let plain = upsampleNaive(input)
        #expect(
            Comparison.error(
                enlarged(input, adding: skip), Tensor(zip(plain.values, skip.values).map(+), shape: skip.shape)) < 1e-6)
    }

    @Test(arguments: [[1, 1, 1], [1, 2, 3], [3, 5, 7], [4, 4, 17]]) func backwardIsTheTranspose(extent: [Int]) {
        let input = Samples.uniform([2, 11] + extent, seed: 32)
        let gradient = Samples.uniform([2, 11] + extent.map { $0 * 2 }, seed: 33)
        let forward = Samples.inner(upsampleNaive(input), gradient)
        let backward = Samples.inner(
            input, upsamplingGradient(FeatureMap(gradient, in: workspace), in: workspace).planar(in: workspace))
        #expect(abs(forward - backward) < 1e-5 * max(1, abs(forward)))
    }
}
