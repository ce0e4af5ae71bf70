import TensorCore
import Testing

@Suite struct UpsamplingTests {
    private let pool = ComputePool(threads: 2)

    @Test func oneAxisFollowsTheReferenceNumbers() {
        let input = Tensor([0, 1, 4, 9], shape: [1, 1, 1, 1, 4])
        let row: [Float] = [0, 0.25, 0.75, 1.75, 3.25, 5.25, 7.75, 9]
        #expect(upsampleForward(input, pool: pool).values == row + row + row + row)
    }

    @Test(arguments: [[1, 1, 1], [1, 2, 3], [3, 5, 7], [4, 4, 17]]) func forwardEqualsTheDefinition(extent: [Int]) {
        let input = Samples.uniform([2, 3] + extent, seed: 31)
        #expect(Samples.error(upsampleForward(input, pool: pool), upsampleNaive(input)) < 1e-6)
    }

    @Test(arguments: [[1, 1, 1], [1, 2, 3], [3, 5, 7], [4, 4, 17]]) func backwardIsTheTranspose(extent: [Int]) {
        let input = Samples.uniform([2, 3] + extent, seed: 32)
        let gradient = Samples.uniform([2, 3] + extent.map { $0 * 2 }, seed: 33)
        let forward = Samples.inner(upsampleNaive(input), gradient)
        let backward = Samples.inner(input, upsampleBackward(gradient, pool: pool))
        #expect(abs(forward - backward) < 1e-5 * max(1, abs(forward)))
    }
}
