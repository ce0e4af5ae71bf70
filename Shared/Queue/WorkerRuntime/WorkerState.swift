package import JobEngine
package import Messaging

/// What a worker does next, as a value without clocks, locks or connections: it is told what has happened and answers
/// what is to be done.
///
/// Invariants: at most one claim is under way; a wake-up that arrives during a claim leads to another claim; wake-ups
/// are left to other replicas while this worker may not claim, and when every slot has been busy for longer than a
/// moment, because the broker must not wait for a ten-hour training.
package struct WorkerState: Sendable {
    /// A look for jobs.
    package struct Claim: Sendable, Equatable {
        package var limit: Int
        /// Answered by it: acknowledged after its commit.
        package var wakeUps: [Delivery]

        package init(limit: Int, wakeUps: [Delivery] = []) {
            self.limit = limit
            self.wakeUps = wakeUps
        }
    }

    package enum Event: Sendable {
        case heard(Delivery)
        /// An operator spoke: a pause may be over.
        case workMayBeThere
        /// So many jobs, which run in slots from now on.
        case claimed(Int, Claim)
        case claimFailed(Claim)
        /// This worker may not claim, for a reason in an operator's words.
        case held(String, Claim)
        /// However it ended: its lease may be lost, or its archive away.
        case jobFinished
        /// A second has passed.
        case tick
        case drain
    }

    package enum Action: Sendable, Equatable {
        /// To be answered by `claimed` (and `jobFinished` for each), `claimFailed` or `held`.
        case claim(Claim)
        case acknowledge([Delivery])
        case listen
        /// Gives back the wake-ups that are not acknowledged, and hears no others until `listen`.
        case fallSilent
        /// Why this worker claims nothing; empty: it does again.
        case say(String)
        case heartbeat(Worker.State, busy: Int, note: String)
        case interruptJobs
        case end
    }

    /// How long all slots must be busy before wake-ups are left to other replicas.
    package static let patience = Duration.seconds(2)
    /// Ticks between looks of one's own accord, so that lost messages lose no job, and between heartbeats.
    private static let (ticksToLook, ticksToHeartbeat) = (5, 10)

    private let slots: Int
    private var busy = 0
    private var isClaiming = false
    private var lastClaimFailed = false
    private var workMayWait = true
    private var isDraining = false
    /// Why nothing may be claimed; empty while it may.
    package private(set) var note = ""
    /// Heard, and covered by no claim yet.
    private var wakeUps: [Delivery] = []
    private var isListening = true
    /// Since when it can take no job.
    private var isUnableSince: ContinuousClock.Instant?
    private var ticks = 0

    package init(slots: Int) {
        precondition(slots > 0, "a worker needs at least one slot, got \(slots)")
        self.slots = slots
    }

    package mutating func handle(_ event: Event, at now: ContinuousClock.Instant) -> [Action] {
        var actions = react(to: event)
        actions += isDraining ? silence() : listening(at: now)
        if isDraining, busy == 0, !isClaiming { actions.append(.end) }
        if let claim = nextClaim() { actions.append(.claim(claim)) }
        return actions
    }

    private mutating func react(to event: Event) -> [Action] {
        switch event {
        case .heard(let wakeUp):
            wakeUps.append(wakeUp)
            workMayWait = true
        case .workMayBeThere:
            workMayWait = true
        case .claimed(let count, let claim):
            return take(count, claim)
        case .claimFailed(let claim):
            giveUp(claim)
        case .held(let reason, let claim):
            giveUp(claim)
            return say(reason)
        case .jobFinished:
            busy -= 1
            workMayWait = true
        case .tick:
            ticks += 1
            if lastClaimFailed || ticks % Self.ticksToLook == 1 { workMayWait = true }
            if ticks % Self.ticksToHeartbeat == 1 { return [heartbeat] }
        case .drain:
            isDraining = true
            return [.interruptJobs, heartbeat]
        }
        return []
    }

    private mutating func take(_ count: Int, _ claim: Claim) -> [Action] {
        (isClaiming, lastClaimFailed) = (false, false)
        busy += count
        // A full catch means there may be more; a wake-up during the claim has set the flag anew.
        if count == claim.limit { workMayWait = true }
        return say("") + (claim.wakeUps.isEmpty ? [] : [.acknowledge(claim.wakeUps)])
    }

    /// The next try is the next tick's, or whoever's rings before.
    private mutating func giveUp(_ claim: Claim) {
        (isClaiming, lastClaimFailed, workMayWait) = (false, true, false)
        wakeUps += claim.wakeUps
    }

    /// Says once that, and why, this worker claims nothing, and when it goes on. A reason that counts seconds is the
    /// same reason.
    private mutating func say(_ reason: String) -> [Action] {
        let isNews = reason.isEmpty != note.isEmpty
        note = reason
        return isNews ? [.say(reason), heartbeat] : []
    }

    private var heartbeat: Action { .heartbeat(isDraining ? .draining : .running, busy: busy, note: note) }

    private mutating func listening(at now: ContinuousClock.Instant) -> [Action] {
        guard busy >= slots || !note.isEmpty else {
            isUnableSince = nil
            defer { isListening = true }
            return isListening ? [] : [.listen]
        }
        let since = isUnableSince ?? now
        isUnableSince = since
        return !note.isEmpty || now - since > Self.patience ? silence() : []
    }

    /// Most wake-ups go back to the broker, for another replica. One that has gone back often is let go of: the broker
    /// would take the next return for poison, and the sweeper rings again anyway.
    private mutating func silence() -> [Action] {
        defer { (isListening, wakeUps) = (false, []) }
        guard isListening else { return [] }
        let tired = wakeUps.filter { $0.deliveryCount >= Topology.deliveryLimit - 2 }
        return (tired.isEmpty ? [] : [.acknowledge(tired)]) + [.fallSilent]
    }

    private mutating func nextClaim() -> Claim? {
        guard workMayWait, !isClaiming, busy < slots, !isDraining else { return nil }
        (workMayWait, isClaiming) = (false, true)
        defer { wakeUps = [] }
        return Claim(limit: slots - busy, wakeUps: wakeUps)
    }
}
