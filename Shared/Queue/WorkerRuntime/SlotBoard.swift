/// Which slots are free and whether to look for work: the worker's decisions as values, without clocks, locks or
/// connections.
///
/// Invariants: at most one claim is under way; a wake-up that arrives during a claim leads to another claim; wake-ups
/// are let go of (so that another replica hears them) when every slot is busy for longer than a moment, because the
/// broker must not wait for a ten-hour training.
package struct SlotBoard: Sendable {
    package enum Action: Sendable, Equatable {
        /// Claim at most this many jobs, then call `claimFinished`.
        case claim(limit: Int)
        /// Nothing to do now.
        case wait
    }

    package let slots: Int
    package private(set) var busy = 0
    private var isClaiming = false
    private var workMayWait = true
    private var isDraining = false

    package init(slots: Int) {
        precondition(slots > 0, "a worker needs at least one slot, got \(slots)")
        self.slots = slots
    }

    package var isFull: Bool { busy >= slots }
    package var isIdle: Bool { busy == 0 && !isClaiming }

    /// A wake-up, the end of a pause, or the time for a look of one's own accord.
    package mutating func workMayBeThere() -> Action {
        workMayWait = true
        return next()
    }

    package mutating func claimFinished(claimed: Int, limit: Int) -> Action {
        isClaiming = false
        busy += claimed
        // A full catch means there may be more; a wake-up during the claim has set the flag anew.
        if claimed == limit { workMayWait = true }
        return next()
    }

    package mutating func claimFailed() {
        isClaiming = false
        workMayWait = true
    }

    package mutating func jobFinished() -> Action {
        busy -= 1
        workMayWait = true
        return next()
    }

    package mutating func drain() { isDraining = true }

    private mutating func next() -> Action {
        guard workMayWait, !isClaiming, !isFull, !isDraining else { return .wait }
        workMayWait = false
        isClaiming = true
        return .claim(limit: slots - busy)
    }
}
