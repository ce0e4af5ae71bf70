import Statistics
import Testing

@Suite struct MersenneTwisterTests {
    /// The reference program's numbers for its usual seed (mt19937ar.out of other seeds begins elsewhere), which
    /// C++ fixes as well: the 10 000th of `std::mt19937`.
    @Test func drawsAreTheStandards() {
        var random = MersenneTwister(seed: 5489)
        #expect(
            (0..<5).map { _ in random.next() } == [
                3_499_211_612, 581_869_302, 3_890_346_734, 3_586_334_585, 545_404_204,
            ])
        for _ in 5..<9999 { _ = random.next() }
        #expect(random.next() == 4_123_659_995)
    }

    /// `numpy.random.RandomState(12345).shuffle(numpy.arange(12))`, whose folds nnU-Net's users know.
    @Test func shufflesAreNumPys() {
        var random = MersenneTwister(seed: 12345)
        var values = Array(0..<12)
        random.shuffle(&values)
        #expect(values == [8, 0, 3, 7, 11, 10, 6, 9, 4, 1, 5, 2])
    }

    /// `numpy.random.RandomState(1234).randint(0, 1000, 8)`.
    @Test func boundedDrawsAreNumPys() {
        var random = MersenneTwister(seed: 1234)
        #expect((0..<8).map { _ in random.uniform(upTo: 999) } == [815, 723, 294, 53, 204, 372, 664, 655])
        #expect(random.uniform(upTo: 0) == 0)
    }
}
