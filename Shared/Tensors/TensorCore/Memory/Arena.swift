import Faults
import Foundation
import Synchronization
import Threads

/// One region of memory for the activations of a pass: each block is placed in a gap that holds it, as the plan says,
/// and comes back when the last tensor on it goes.
///
/// Pages that were touched once stay, so the second pass through the same arena meets no page faults (measured: they
/// were 10 to 25 % of a pass). A rehearsing arena has addresses but no memory: it finds out how large a real one must
/// be.
final class Arena: Sendable {
    /// A block's range, in floats from the start.
    struct Place: Sendable {
        let arena: Arena
        let range: Range<Int>
    }

    private struct State {
        /// Ascending, never adjacent.
        var free: [Range<Int>]
        var highWater = 0
        var placement: MemoryPlan.Placement
    }

    /// In floats.
    let capacity: Int
    private let state: Mutex<State>
    // Written only through the tensors that own parts of it.
    private let memory: SharedPointer<Float>?

    /// Blocks begin on cache lines.
    private static let grain = 16

    /// Throws `outOfMemory` when the system has no such region.
    init(floats: Int, placement: MemoryPlan.Placement) throws {
        guard let memory = LargePages.allocate(floats: floats) else {
            throw TensorError(
                .outOfMemory,
                "the system has no \(MemoryPlan.text(floats * 4)) for activations; free memory or take a smaller patch")
        }
        capacity = LargePages.rounded(floats: floats)
        self.memory = SharedPointer(memory)
        state = Mutex(State(free: [0..<capacity], placement: placement))
    }

    /// A rehearsal: any block fits, none may be touched.
    init(rehearsing placement: MemoryPlan.Placement) {
        capacity = .max / 8
        memory = nil
        state = Mutex(State(free: [0..<capacity], placement: placement))
    }

    deinit { if let memory { free(memory.base) } }

    /// The most floats that were placed at once, gaps included.
    var highWater: Int { state.withLock { $0.highWater } }
    var isRehearsal: Bool { memory == nil }

    /// A block of `count` floats with any content; from the heap when none fits, which a planned pass never meets.
    func buffer(count: Int) -> AlignedBuffer {
        let size = (max(1, count) + Self.grain - 1) / Self.grain * Self.grain
        let range = state.withLock { state -> Range<Int>? in
            guard let index = gap(of: size, in: state) else { return nil }
            let gap = state.free[index]
            if gap.count == size {
                state.free.remove(at: index)
            } else {
                state.free[index] = gap.lowerBound + size..<gap.upperBound
            }
            state.highWater = max(state.highWater, gap.lowerBound + size)
            return gap.lowerBound..<gap.lowerBound + size
        }
        guard let range else { return AlignedBuffer(count: count) }
        let base = memory.map { $0.base + range.lowerBound } ?? UnsafeMutablePointer(bitPattern: LargePages.size)!
        return AlignedBuffer(Place(arena: self, range: range), base: base, count: count)
    }

    /// The gap at the end counts as the largest however small it is: a rehearsal's never ends, and the real pass must
    /// choose as it did.
    private func gap(of size: Int, in state: State) -> Int? {
        let free = state.free
        switch state.placement {
        case .firstGap: return free.firstIndex { $0.count >= size }
        case .smallestGap:
            func room(_ index: Int) -> Int { free[index].upperBound == capacity ? .max : free[index].count }
            return free.indices.filter { free[$0].count >= size }.min { room($0) < room($1) }
        }
    }

    /// From the next block on.
    func place(by placement: MemoryPlan.Placement) { state.withLock { $0.placement = placement } }

    func giveBack(_ place: Place) {
        state.withLock { state in
            let range = place.range
            let next = state.free.firstIndex { $0.lowerBound >= range.upperBound } ?? state.free.endIndex
            var merged = range
            if next < state.free.endIndex, state.free[next].lowerBound == merged.upperBound {
                merged = merged.lowerBound..<state.free.remove(at: next).upperBound
            }
            if next > 0, state.free[next - 1].upperBound == merged.lowerBound {
                state.free[next - 1] = state.free[next - 1].lowerBound..<merged.upperBound
            } else {
                state.free.insert(merged, at: next)
            }
        }
    }
}
