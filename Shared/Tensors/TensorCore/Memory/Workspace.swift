import Faults
import Synchronization
package import Threads

/// Where a pass through a network computes: the threads, and the memory its activations are placed in.
///
/// A pass is written once and run twice: first in a rehearsal, whose loops do nothing and whose blocks have no memory,
/// to find the peak; then for real, in an arena of just that size, which the next pass uses again.
package final class Workspace: Sendable {
    package let pool: ComputePool
    /// Bytes that a pass may need at its peak; nil: no limit.
    package let memoryLimitInBytes: Int?

    private struct State {
        var arena: Arena?
        /// Floats, for a rehearsal: the most any loop asked for, per thread.
        var scratch = 0
        /// Floats, for a rehearsal: of what outlives the pass.
        var permanent = 0
        /// For a rehearsal: of the convolutions so far.
        var multiplications = 0
    }
    private let state: Mutex<State>
    package let isRehearsal: Bool

    package init(pool: ComputePool = .shared, memoryLimitInBytes: Int? = nil) {
        self.pool = pool
        self.memoryLimitInBytes = memoryLimitInBytes
        isRehearsal = false
        state = Mutex(State())
    }

    private init(rehearsing pool: ComputePool, placement: MemoryPlan.Placement = .firstGap) {
        self.pool = pool
        memoryLimitInBytes = nil
        isRehearsal = true
        state = Mutex(State(arena: Arena(rehearsing: placement)))
    }

    /// What `pass` will need on this workspace's threads, found without computing: by the placement that needs least.
    package func plan(_ pass: (Workspace) throws -> Void) rethrows -> MemoryPlan {
        var best: MemoryPlan?
        for placement in MemoryPlan.Placement.allCases {
            let plan = try rehearsed(pass, placement)
            if plan.activationBytes < best?.activationBytes ?? .max { best = plan }
        }
        guard let best else { preconditionFailure("there is a placement") }
        return best
    }

    private func rehearsed(
        _ pass: (Workspace) throws -> Void, _ placement: MemoryPlan.Placement
    ) rethrows -> MemoryPlan {
        let rehearsal = Workspace(rehearsing: pool, placement: placement)
        try pass(rehearsal)
        return rehearsal.state.withLock { state in
            var plan = MemoryPlan(
                activationBytes: (state.arena?.highWater ?? 0) * 4, scratchBytes: state.scratch * pool.threads * 4,
                parameterBytes: state.permanent * 4, multiplications: state.multiplications)
            plan.placement = placement
            return plan
        }
    }

    /// Makes room for a pass. Throws `memoryLimit` when the plan exceeds the limit, `outOfMemory` when the system has
    /// not as much.
    package func reserve(_ plan: MemoryPlan) throws {
        if let limit = memoryLimitInBytes, plan.bytes > limit {
            throw TensorError(
                .memoryLimit,
                "the network needs \(MemoryPlan.text(plan.bytes)) at its peak, the limit is \(MemoryPlan.text(limit)); "
                    + "take a smaller patch, compute exactly (which keeps no transformed weights), or raise the limit")
        }
        try pool.prepareScratch(floats: plan.scratchBytes / 4 / pool.threads)
        try state.withLock { state in
            if let arena = state.arena, arena.capacity * 4 >= plan.activationBytes {
                return arena.place(by: plan.placement)
            }
            // Let go of the smaller one before asking for the larger.
            state.arena = nil
            state.arena = try Arena(floats: plan.activationBytes / 4, placement: plan.placement)
        }
    }

    /// A tensor without memory, for a rehearsal to pass around.
    package static func placeholder(_ shape: [Int]) -> Tensor { Workspace(rehearsing: .shared).tensor(shape) }

    /// Gives the arena back to the system; the next pass makes a new one.
    package func release() { state.withLock { $0.arena = nil } }

    /// Floats with any content, for results that are written whole before they are read.
    package func tensor(_ shape: [Int]) -> Tensor {
        let count = shape.reduce(1, *)
        let buffer = state.withLock { $0.arena }?.buffer(count: count) ?? AlignedBuffer(count: count)
        return Tensor(shape: shape, buffer: buffer)
    }

    /// Counts what the real pass will make once and keep beyond its end.
    package func countPermanent<Made>(_ make: (Workspace) -> Made) -> Made {
        let rehearsal = Workspace(rehearsing: pool)
        let made = make(rehearsal)
        let floats = rehearsal.state.withLock { $0.arena?.highWater ?? 0 }
        state.withLock { $0.permanent += floats }
        return made
    }

    /// Counts a convolution that the real pass will compute.
    func count(multiplications: Int) {
        if isRehearsal { state.withLock { $0.multiplications += multiplications } }
    }

    /// `ComputePool.forEach`; nothing in a rehearsal.
    package func forEach(count: Int, _ body: @Sendable (Int) -> Void) {
        if !isRehearsal { pool.forEach(count: count, body) }
    }

    /// The same with working memory for each thread.
    package func forEach(
        count: Int, scratch: Int, _ body: @Sendable (_ index: Int, _ scratch: UnsafeMutablePointer<Float>) -> Void
    ) {
        guard isRehearsal else { return pool.forEach(count: count, scratch: scratch, body) }
        state.withLock { $0.scratch = max($0.scratch, scratch) }
    }
}
