/// Processes that compute one thing together, each its share: ranks, numbered from 0.
///
/// Every call is collective: all ranks make the same calls in the same order, and each waits for the others. Nothing
/// here adds numbers but ``sum(_:)``, in the order of ranks, so results depend on how many ranks there are and on nothing
/// else: not on the network between them, nor on the library that carries the bytes. A rank that is lost takes the others
/// with it.
///
/// Calls block; never make them on Swift's cooperative pool.
package protocol RankExchange: Sendable {
    /// From 0.
    var rank: Int { get }
    /// Of all ranks, 1 or more.
    var count: Int { get }

    /// What every rank has, one after the other in the order of ranks. All give equally much.
    func gathered<Value: BitwiseCopyable>(_ own: [Value]) -> [Value]

    /// Of as many equal parts as there are ranks, the r-th for rank r: what each of them had for this one, in the order of
    /// ranks.
    func exchanged<Value: BitwiseCopyable>(_ parts: [Value]) -> [Value]
}

extension RankExchange {
    package var isAlone: Bool { count == 1 }

    /// What rank 0 says, on every rank.
    package func decided<Value: BitwiseCopyable>(_ own: Value) -> Value { isAlone ? own : gathered([own])[0] }

    /// What rank 0 says, on every rank; the others' may be of any length.
    package func decided(_ own: [UInt8]) -> [UInt8] {
        let length = decided(own.count)
        let padded = (own + [UInt8](repeating: 0, count: length)).prefix(length)
        return Array(gathered(Array(padded)).prefix(length))
    }

    /// Whether this rank takes a thing, of many that are numbered from 0 and that ranks take by turns.
    package func hasTurn(_ number: Int) -> Bool { number % count == rank }

    /// Of things that ranks have taken by turns: what each gave, in the order of things.
    ///
    /// - Parameters:
    ///   - own: what this rank's things gave, in their order.
    ///   - things: of all ranks.
    ///   - length: values that each gave.
    package func gatheredByTurns<Value: BitwiseCopyable & Numeric>(
        _ own: [Value], of things: Int, each length: Int = 1
    ) -> [Value] {
        let most = (things + count - 1) / count
        let all = gathered(own + [Value](repeating: 0, count: most * length - own.count))
        return (0..<things).flatMap { number in
            let first = (number % count * most + number / count) * length
            return all[first..<first + length]
        }
    }

    /// Replaces numbers by their sums over all ranks: the same bits on every rank, each sum taken in the order of ranks.
    ///
    /// Every rank adds up one part of them, so each sends and receives twice what it has, however many there are. Needs
    /// twice the memory of the numbers beside them.
    package func sum(_ numbers: inout [Float]) {
        guard !isAlone else { return }
        let (length, part) = (numbers.count, (numbers.count + count - 1) / count)
        // The last part is filled up.
        numbers.append(contentsOf: repeatElement(0, count: part * count - length))
        let parts = exchanged(numbers)
        var sums = Array(parts.prefix(part))
        parts.withUnsafeBufferPointer { parts in
            sums.withUnsafeMutableBufferPointer { sums in
                for rank in 1..<count {
                    let part = UnsafeBufferPointer(rebasing: parts[rank * part..<(rank + 1) * part])
                    for index in sums.indices { sums[index] += part[index] }
                }
            }
        }
        numbers = gathered(sums)
        numbers.removeLast(part * count - length)
    }
}

/// One rank, which has nobody to exchange with.
package struct Alone: RankExchange {
    package init() {}

    package var rank: Int { 0 }
    package var count: Int { 1 }

    package func gathered<Value: BitwiseCopyable>(_ own: [Value]) -> [Value] { own }
    package func exchanged<Value: BitwiseCopyable>(_ parts: [Value]) -> [Value] { parts }
}
