import Foundation
package import Ranks
import Threads

/// Ranks that are threads of one process.
package final class RanksInMemory: @unchecked Sendable {
    private let count: Int
    /// Guards all below.
    private let condition = NSCondition()
    private var given: [Int: [UInt8]] = [:]
    private var result: [Int: [UInt8]] = [:]
    private var taken = 0

    private init(count: Int) { self.count = count }

    /// What each of several ranks computes, in their order.
    ///
    /// All or none of them may throw: where one alone ends, the others would wait for it.
    package static func run<Value: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (any RankExchange) throws -> Value
    ) async throws -> [Value] {
        let ranks = RanksInMemory(count: count)
        return try await withThrowingTaskGroup(of: (Int, Value).self) { group in
            for rank in 0..<count {
                group.addTask {
                    (rank, try await OwnThread.run { try body(Rank(rank: rank, ranks: ranks)) })
                }
            }
            var values: [Int: Value] = [:]
            for try await (rank, value) in group { values[rank] = value }
            return values.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    /// What every rank gave, for each of them.
    private func meet(_ rank: Int, _ bytes: [UInt8]) -> [Int: [UInt8]] {
        condition.withLock {
            // The meeting before is over when all have left it.
            while given[rank] != nil || !result.isEmpty { condition.wait() }
            given[rank] = bytes
            if given.count == count {
                result = given
                condition.broadcast()
            }
            while result.isEmpty { condition.wait() }
            let all = result
            taken += 1
            if taken == count {
                (taken, given, result) = (0, [:], [:])
                condition.broadcast()
            }
            return all
        }
    }

    private struct Rank: RankExchange {
        let rank: Int
        let ranks: RanksInMemory

        var count: Int { ranks.count }

        func gathered<Value: BitwiseCopyable>(_ own: [Value]) -> [Value] {
            let all = ranks.meet(rank, own.withUnsafeBytes { Array($0) })
            return (0..<count).flatMap { Self.values(all[$0] ?? []) }
        }

        func exchanged<Value: BitwiseCopyable>(_ parts: [Value]) -> [Value] {
            let all = ranks.meet(rank, parts.withUnsafeBytes { Array($0) })
            let size = parts.count / count
            return (0..<count).flatMap { from -> [Value] in
                Array(Self.values(all[from] ?? [])[rank * size..<(rank + 1) * size])
            }
        }

        private static func values<Value: BitwiseCopyable>(_ bytes: [UInt8]) -> [Value] {
            [Value](unsafeUninitializedCapacity: bytes.count / MemoryLayout<Value>.stride) { target, count in
                UnsafeMutableRawBufferPointer(target).copyBytes(from: bytes)
                count = target.count
            }
        }
    }
}
