import Foundation
import Learning
import Statistics
import TensorCore
import TestSupport
import Testing

@Suite struct DeepSupervisionLossTests {
    @Test func weightsHalveAndTheLastTakesNoPart() {
        let weights = DeepSupervisionLoss.weights(heads: 5)
        let expected: [Double] = [0.5333333, 0.2666667, 0.1333333, 0.0666667, 0]
        #expect(weights.count == 5)
        #expect(zip(weights, expected).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(DeepSupervisionLoss.weights(heads: 1) == [1])
    }

    /// Along an axis of 6 to 3: voxels 1, 3, 5; to 2: 1 and 4.
    @Test func labelsTakeTheNearestVoxel() {
        let labels = (0..<72).map { UInt8($0) }
        let found = DeepSupervisionLoss.resampled(
            labels, from: Extent(depth: 2, height: 6, width: 6), to: Extent(depth: 2, height: 3, width: 2))
        #expect(found == [7, 10, 19, 22, 31, 34, 43, 46, 55, 58, 67, 70])
    }

    @Test(arguments: [false, true]) func gradientsAgreeWithFiniteDifferences(batchDice: Bool) {
        let loss = DeepSupervisionLoss(batchDice: batchDice)
        var random = SplitMix64(seed: 3)
        func noise(_ shape: [Int]) -> Tensor {
            Tensor((0..<shape.reduce(1, *)).map { _ in 4 * random.nextUnitFloat() - 2 }, shape: shape)
        }
        let heads: [Tensor?] = [noise([2, 3, 2, 4, 4]), noise([2, 3, 2, 2, 2]), noise([2, 3, 1, 1, 1])]
        let labels = (0..<64).map { _ in UInt8(random.next() % 3) }
        var gradients = heads
        let result = loss(&gradients, labels: labels)
        #expect(gradients[2] == nil)
        #expect(abs(result.value - result.dice - result.crossEntropy) < 1e-12 && result.dice < 0)
        for (head, index) in [(0, 5), (0, 40), (0, 95), (1, 0), (1, 13), (1, 40)] {
            func moved(_ step: Float) -> Double {
                var heads = heads
                heads[head]?[index] += step
                return loss(&heads, labels: labels).value
            }
            let slope = (moved(0.01) - moved(-0.01)) / 0.02
            #expect(abs(slope - Double(gradients[head]?[index] ?? .nan)) < 2e-5, "head \(head), \(index)")
        }
    }

    @Test(.enabled(if: Fixtures.golden("nnunet") != nil)) func targetsEqualNNUNets() throws {
        let batch = try Safetensors.read(try #require(Fixtures.golden("nnunet/isotropic_training_batch.safetensors")))
        let labels = try batch.bytes("target_0")
        func extent(_ level: Int) throws -> Extent {
            let shape = try batch.shape("target_\(level)")
            return Extent(depth: shape[2], height: shape[3], width: shape[4])
        }
        for level in 1...4 {
            #expect(
                DeepSupervisionLoss.resampled(labels, from: try extent(0), to: try extent(level))
                    == (try batch.bytes("target_\(level)")))
        }
    }
}
