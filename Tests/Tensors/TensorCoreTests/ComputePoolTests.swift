import Synchronization
import TensorCore
import Testing

@Suite struct ComputePoolTests {
    @Test(arguments: [1, 2, 5]) func everyIndexRunsOnce(threads: Int) {
        let pool = ComputePool(threads: threads)
        let counts = Mutex([Int](repeating: 0, count: 1000))
        pool.forEach(count: 1000) { index in counts.withLock { $0[index] += 1 } }
        #expect(counts.withLock { $0 } == [Int](repeating: 1, count: 1000))
    }

    @Test func loopsInsideLoopsFinish() {
        let pool = ComputePool(threads: 3)
        let sum = Atomic<Int>(0)
        pool.forEach(count: 20) { _ in pool.forEach(count: 20) { sum.add($0, ordering: .relaxed) } }
        #expect(sum.load(ordering: .relaxed) == 20 * 190)
    }

    @Test func callersFromSeveralThreadsShareThePool() async {
        let pool = ComputePool(threads: 2)
        let sums = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let sum = Atomic<Int>(0)
                    pool.forEach(count: 500) { sum.add($0, ordering: .relaxed) }
                    return sum.load(ordering: .relaxed)
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(sums == [Int](repeating: 500 * 499 / 2, count: 8))
    }

    @Test func scratchIsAlignedAndAsLargeAsAsked() {
        let pool = ComputePool(threads: 2)
        let misaligned = Atomic<Int>(0)
        pool.forEach(count: 16, scratch: 4096) { index, working in
            if UInt(bitPattern: working) % 64 != 0 { misaligned.add(1, ordering: .relaxed) }
            for position in 0..<4096 { working[position] = Float(index) }
        }
        #expect(misaligned.load(ordering: .relaxed) == 0)
    }

    @Test func noIndexMeansNoCall() {
        ComputePool(threads: 2).forEach(count: 0) { _ in Issue.record("called") }
    }
}
