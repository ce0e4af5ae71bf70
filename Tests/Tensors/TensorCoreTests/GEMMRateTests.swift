import TensorCore
import Testing
import Threads

@Suite struct GEMMRateTests {
    @Test func aRateIsWithinWhatProcessorsDo() {
        let rate = GEMMRate.measured(pool: ComputePool(threads: 1), rounds: 1)
        #expect(rate > 1e8 && rate < 1e13)
    }
}
