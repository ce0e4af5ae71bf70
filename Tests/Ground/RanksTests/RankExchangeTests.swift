import Ranks
import TestSupport
import Testing

@Suite struct RankExchangeTests {
    @Test func sumsAreTakenInTheOrderOfRanksOnEveryRank() async throws {
        @Sendable func numbers(_ rank: Int, _ count: Int) -> [Float] {
            (0..<count).map { Float(rank + 1) * 0.1 + Float($0) * 1e-3 }
        }
        for (ranks, count) in [(1, 5), (2, 1), (2, 7), (3, 100), (4, 3)] {
            let results = try await RanksInMemory.run(ranks) { exchange in
                var own = numbers(exchange.rank, count)
                exchange.sum(&own)
                return own
            }
            let expected = (1..<ranks).reduce(numbers(0, count)) { sum, rank in
                zip(sum, numbers(rank, count)).map { $0 + $1 }
            }
            #expect(results == [[Float]](repeating: expected, count: ranks))
        }
    }

    @Test func rankZeroDecides() async throws {
        let results = try await RanksInMemory.run(3) { exchange in
            (
                exchange.decided(exchange.rank + 7),
                exchange.decided([UInt8](repeating: UInt8(exchange.rank + 1), count: 4 * exchange.rank + 2))
            )
        }
        #expect(results.allSatisfy { $0.0 == 7 && $0.1 == [1, 1] })
    }

    @Test func partsGoToTheirRanks() async throws {
        let results = try await RanksInMemory.run(2) { exchange in
            exchange.exchanged([10 * exchange.rank, 10 * exchange.rank + 1])
        }
        #expect(results == [[0, 10], [1, 11]])
    }

    @Test(arguments: [1, 2, 3, 7]) func whatRanksTookByTurnsComesBackInOrder(_ ranks: Int) async throws {
        let results = try await RanksInMemory.run(ranks) { exchange in
            let own = (0..<5).filter(exchange.hasTurn).flatMap { [10 * $0, 10 * $0 + 1] }
            return exchange.gatheredByTurns(own, of: 5, each: 2)
        }
        #expect(results == [[Int]](repeating: [0, 1, 10, 11, 20, 21, 30, 31, 40, 41], count: ranks))
    }
}
