import Faults
import Statistics
import TensorCore
import Testing
import Threads

@Suite struct WorkspaceTests {
    private let pool = ComputePool(threads: 2)

    /// A few tensors that come and go; the peak is 30,000 floats, or a little more for the gaps.
    private func pass(_ workspace: Workspace) -> Float {
        let first = workspace.tensor([10_000])
        var sum: Float = 0
        for _ in 0..<3 {
            let second = workspace.tensor([20_000])
            let parts = SharedPointer(UnsafeMutablePointer<Float>.allocate(capacity: 2))
            defer { parts.base.deallocate() }
            workspace.forEach(count: 2, scratch: 500) { index, scratch in
                scratch[0] = Float(index + 1)
                parts.base[index] = scratch[0]
            }
            if !workspace.isRehearsal { sum += parts.base[0] + parts.base[1] + Float(second.count) * 0 }
        }
        return sum + Float(first.count) * 0
    }

    @Test func aRehearsalFindsThePeakWithoutComputing() {
        let plan = Workspace(pool: pool).plan { #expect(pass($0) == 0) }
        #expect((120_000...124_000).contains(plan.activationBytes))
        #expect(plan.scratchBytes == 2 * 500 * 4)
        #expect(plan.bytes == plan.activationBytes + plan.scratchBytes)
    }

    @Test func aPlannedPassRunsInItsArenaAndTheNextInTheSameMemory() throws {
        let workspace = Workspace(pool: pool)
        try workspace.reserve(workspace.plan { _ = pass($0) })
        #expect(pass(workspace) == 9)
        func place() -> UInt { workspace.tensor([20_000]).withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } }
        #expect(place() == place())
        #expect(place() % 64 == 0)
    }

    @Test func blocksGivenBackAreUsedAgainAndNeverTwice() throws {
        let workspace = Workspace(pool: pool)
        try workspace.reserve(MemoryPlan(activationBytes: 1 << 22, scratchBytes: 0))
        var generator = SplitMix64(seed: 1)
        var held: [(value: Float, tensor: Tensor)] = []
        for round in 0..<2000 {
            if held.count > 20 || (!held.isEmpty && generator.next() % 2 == 0) {
                let (value, tensor) = held.remove(at: Int(generator.next() % UInt64(held.count)))
                #expect(tensor.values.allSatisfy { $0 == value })
            } else {
                var tensor = workspace.tensor([1 + Int(generator.next() % 5000)])
                tensor.withUnsafeMutableBufferPointer { $0.update(repeating: Float(round)) }
                held.append((Float(round), tensor))
            }
        }
    }

    @Test func moreThanThePlanComesFromElsewhere() throws {
        let workspace = Workspace(pool: pool)
        try workspace.reserve(MemoryPlan(activationBytes: 1 << 21, scratchBytes: 0))
        var tensors = (0..<4).map { _ in workspace.tensor([1 << 19]) }
        for index in tensors.indices {
            tensors[index].withUnsafeMutableBufferPointer { $0.update(repeating: Float(index)) }
        }
        for index in tensors.indices { #expect(Set(tensors[index].values) == [Float(index)]) }
    }

    @Test func aPlanBeyondTheLimitIsRefusedWithBothNumbers() {
        let workspace = Workspace(pool: pool, memoryLimitInBytes: 100 << 20)
        let error = #expect(throws: TensorError.self) {
            try workspace.reserve(MemoryPlan(activationBytes: 150 << 20, scratchBytes: 1, parameterBytes: 7 << 20))
        }
        #expect(error?.code == .memoryLimit)
        #expect(
            error?.description
                == "the network needs 158 MiB at its peak, the limit is 100 MiB; take a smaller patch, compute exactly (which keeps no transformed weights), or raise the limit"
        )
    }

    @Test(arguments: [
        MemoryPlan(activationBytes: 1 << 60, scratchBytes: 0), MemoryPlan(activationBytes: 0, scratchBytes: 1 << 60),
    ])
    func memoryThatTheSystemHasNotIsAnError(plan: MemoryPlan) {
        let error = #expect(throws: TensorError.self) {
            try Workspace(pool: pool).reserve(plan)
        }
        #expect(error?.code == .outOfMemory)
    }
}
