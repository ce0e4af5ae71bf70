import TensorCore
import Testing
import Threads

@Suite struct Dropout3dTests {
    @Test func wholeChannelsAreDroppedAndTheOthersScaled() {
        let dropout = Dropout3d(probability: 0.2, batch: 4, channels: 32, seed: 5)
        let workspace = Workspace(pool: ComputePool(threads: 2))
        let map = FeatureMap(Tensor([Float](repeating: 2, count: 4 * 32 * 8), shape: [4, 32, 2, 2, 2]), in: workspace)
        dropout.apply(to: map, in: workspace)
        let values = map.planar(in: workspace).values
        #expect(Set(values) == [0, 2.5])
        for plane in 0..<128 { #expect(Set(values[plane * 8..<plane * 8 + 8]).count == 1) }
    }

    @Test func aboutOneInFiveIsDroppedAndTheSeedDecidesWhich() {
        let factors = Dropout3d(probability: 0.2, batch: 100, channels: 100, seed: 6).factors
        #expect((1800...2200).contains(factors.count { $0 == 0 }))
        #expect(factors == Dropout3d(probability: 0.2, batch: 100, channels: 100, seed: 6).factors)
        #expect(factors != Dropout3d(probability: 0.2, batch: 100, channels: 100, seed: 7).factors)
    }

    @Test func probabilityZeroDropsNothing() {
        #expect(Dropout3d(probability: 0, batch: 1, channels: 9, seed: 1).factors == [Float](repeating: 1, count: 9))
    }
}
