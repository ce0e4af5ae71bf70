import TensorCore
import TestSupport
import Testing
import Threads

@Suite struct SoftmaxTests {
    private let pool = ComputePool(threads: 2)

    @Test func probabilitiesEqualTheDefinition() {
        let logits = Tensor(
            Samples.uniform([2, 26, 9, 11, 23], seed: 41).values.map { $0 * 40 }, shape: [2, 26, 9, 11, 23])
        let expected = softmaxNaive(logits)
        let found = softmax(logits, pool: pool)
        #expect(Comparison.error(found, expected) < 1e-6)
        // Small probabilities are right too, relative to themselves.
        #expect(zip(found.values, expected.values).allSatisfy { $1 < 1e-30 || abs($0 / $1 - 1) < 1e-5 })
    }

    @Test func hugeLogitsStayFinite() {
        let probabilities = softmax(Tensor([1e30, -1e30, 500, 1e30, 0, 500], shape: [1, 3, 1, 1, 2]), pool: pool)
        #expect(probabilities.values == [1, 0, 0, 1, 0, 0])
    }

    @Test func theLowestChannelWinsTies() {
        let logits = Tensor([1, 2, 0, 3, 2, 0, 3, 1, 0], shape: [1, 3, 1, 1, 3])
        #expect(argmax(logits, pool: pool) == [1, 0, 0])
    }

    @Test func argmaxFindsTheLargestOfManyChannels() {
        let logits = Samples.uniform([2, 26, 5, 30, 40], seed: 42)
        let voxels = logits.extent.count
        let expected = (0..<2 * voxels).map { index -> UInt8 in
            let row = (0..<26).map { logits[(index / voxels * 26 + $0) * voxels + index % voxels] }
            return UInt8(row.firstIndex(of: row.max()!)!)
        }
        #expect(argmax(logits, pool: pool) == expected)
    }
}
