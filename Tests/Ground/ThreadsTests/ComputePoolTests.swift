import Glibc
import Synchronization
import Testing
import Threads

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

    @Test func noIndexMeansNoCall() {
        ComputePool(threads: 2).forEach(count: 0) { _ in Issue.record("called") }
    }

    /// What slots of a worker are: each computes, none brings all cores along.
    @Test func manyCallersShareThePoolsOwnThreads() async {
        let pool = ComputePool(threads: 3)
        let threads = await withTaskGroup(of: Set<UInt>.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    await OwnThread.run {
                        let seen = Mutex<Set<UInt>>([])
                        for _ in 0..<50 {
                            pool.forEach(count: 64) { _ in
                                let thread = UInt(pthread_self())
                                seen.withLock { _ = $0.insert(thread) }
                            }
                        }
                        return seen.withLock { $0 }
                    }
                }
            }
            return await group.reduce(into: Set()) { $0.formUnion($1) }
        }
        #expect(threads.count <= 4 + 2)
    }

    @Test func aPoolOfOneIsTheCallersThread() {
        let here = UInt(pthread_self())
        ComputePool.caller.forEach(count: 8) { _ in #expect(UInt(pthread_self()) == here) }
    }

    @Test func theErrorOfTheLowestIndexIsThrown() {
        struct Failure: Error, Equatable { let index: Int }
        #expect(throws: Failure(index: 2)) {
            try ComputePool(threads: 1).tryForEach(count: 9) { if $0 >= 2 { throw Failure(index: $0) } }
        }
    }

    @Test func resultsComeInTheOrderOfTheirInputs() {
        #expect(ComputePool(threads: 3).map(Array(0..<100)) { $0 * 2 } == Array(0..<100).map { $0 * 2 })
    }
}
