import Augmentation
import Foundation
import TensorCore
import Threads

/// Prepares the crops of the steps to come on threads of its own while the core computes. Which thread prepares what
/// changes nothing: every crop is a pure function of its number.
final class BatchLoader: @unchecked Sendable {
    /// Makes a crop of a number.
    typealias Maker = @Sendable (Int) throws -> LabelledPatch

    private let batchSize: Int
    private let steps: Int
    private let make: Maker
    private let threads: Int
    /// Batches that are prepared beyond the one that is asked for.
    private let lookahead = 2
    /// Guards all below.
    private let condition = NSCondition()
    private var ready: [Int: Result<LabelledPatch, any Error>] = [:]
    /// The crop that is asked for next if steps follow each other.
    private var expected = 0
    /// The next crop that no thread has taken.
    private var next = 0
    /// One past the last crop that may be prepared now.
    private var limit = 0
    /// Counts the jumps: what a thread began before one is thrown away.
    private var jumps = 0
    private var isClosed = false
    private var living: Int

    /// - Parameter threads: 0: whoever asks prepares. Others run until `close`.
    init(batchSize: Int, steps: Int, threads: Int, make: @escaping Maker) {
        (self.batchSize, self.steps, self.threads, self.make) = (batchSize, steps, threads, make)
        living = threads
        for number in 0..<threads { OwnThread.start("patches-\(number)") { self.work() } }
    }

    /// The batch of a step counted from 0, and the seconds that the caller had to wait for it.
    func batch(step: Int) throws -> (batch: Batch, waitedSeconds: Double) {
        let start = ContinuousClock.now
        let numbers = step * batchSize..<(step + 1) * batchSize
        let crops = try threads == 0 ? numbers.map(make) : take(numbers)
        return (Batch(crops), (ContinuousClock.now - start) / .seconds(1))
    }

    /// Lets the threads end, and waits until they have: what they hold is not there twice.
    func close() {
        condition.withLock {
            isClosed = true
            condition.broadcast()
            while living > 0 { condition.wait() }
        }
    }

    private func take(_ numbers: Range<Int>) throws -> [LabelledPatch] {
        try condition.withLock {
            if numbers.lowerBound != expected || jumps == 0 {
                jumps += 1
                ready = [:]
                next = numbers.lowerBound
            }
            expected = numbers.upperBound
            limit = min(steps * batchSize, numbers.upperBound + lookahead * batchSize)
            condition.broadcast()
            while numbers.contains(where: { ready[$0] == nil }) { condition.wait() }
            return try numbers.compactMap { try ready.removeValue(forKey: $0)?.get() }
        }
    }

    private func work() {
        while let (number, jump) = takeNumber() {
            let result = Result { try make(number) }
            condition.withLock {
                if jump == jumps { ready[number] = result }
                condition.broadcast()
            }
        }
        condition.withLock {
            living -= 1
            condition.broadcast()
        }
    }

    /// Nil: the loader is closed.
    private func takeNumber() -> (number: Int, jump: Int)? {
        condition.withLock {
            while !isClosed {
                if next < limit {
                    next += 1
                    return (next - 1, jumps)
                }
                condition.wait()
            }
            return nil
        }
    }
}

/// Crops that one step learns from.
struct Batch: Sendable {
    /// (N, 1, D, H, W).
    let image: Tensor
    /// In the tensor's order.
    let labels: [UInt8]

    /// One after the other; all of one size, and at least one.
    init(_ crops: [LabelledPatch]) {
        guard crops.count > 1 else {
            (image, labels) = (crops[0].image, crops[0].labels)
            return
        }
        let shape = crops[0].image.shape
        var image = Tensor(uninitialized: [crops.count] + shape.dropFirst())
        image.withUnsafeMutableBufferPointer { all in
            for (index, crop) in crops.enumerated() {
                crop.image.withUnsafeBufferPointer { one in
                    _ = UnsafeMutableBufferPointer(rebasing: all[index * one.count..<(index + 1) * one.count])
                        .update(fromContentsOf: one)
                }
            }
        }
        self.image = image
        labels = crops.flatMap(\.labels)
    }
}
