package import JobEngine
package import Logging
import Synchronization

/// Renews the leases of all running jobs, stores their progress and brings back what operators want, on a thread and a
/// database connection of its own. Stops a job whose lease it could not renew before the lease ends.
package final class LeaseKeeper: Sendable {
    private let store: any JobStore
    private let lease: Duration
    private let log: Logger
    private let jobs = Mutex<[JobID: JobControl]>([:])
    private let isDraining = Mutex(false)
    private let bell = Bell()

    /// - Parameter store: over a connection that nothing else uses, or a long claim would delay a renewal.
    package init(store: any JobStore, leaseInSeconds: Double, log: Logger) {
        self.store = store
        lease = .seconds(leaseInSeconds)
        self.log = log
    }

    package func add(_ control: JobControl) {
        jobs.withLock { $0[control.job] = control }
        // A claim that was under way when the drain began.
        if isDraining.withLock({ $0 }) { control.interrupt(.draining) }
    }

    package func remove(_ control: JobControl) {
        jobs.withLock { if $0[control.job] === control { $0[control.job] = nil } }
    }

    /// Interrupts all jobs and those that are still to come.
    package func drain() {
        isDraining.withLock { $0 = true }
        for control in jobs.withLock({ Array($0.values) }) { control.interrupt(.draining) }
    }

    /// Renews at once: an operator said something.
    package func lookNow() { bell.ring() }

    /// Looks every two seconds, so that people see progress and operators are heard soon; renews everything at a
    /// quarter of the lease.
    package func run() async {
        var due = ContinuousClock.now
        while !Task.isCancelled {
            let isRung = await bell.wait(atMost: min(.seconds(2), lease / 4))
            let now = ContinuousClock.now
            guard isRung || now >= due || jobs.withLock({ $0.values.contains(where: \.hasNews) }) else { continue }
            due = now + lease / 4
            await renew(now: now)
        }
    }

    /// Leases are counted by the monotonic clock from before the renewal is sent: the database, which counts from when
    /// it gets it, ends them later.
    package func renew(now: ContinuousClock.Instant) async {
        let controls = jobs.withLock { Array($0.values) }
        guard !controls.isEmpty else { return }
        let until = now + lease
        do {
            let signals = try await store.renewLeases(
                controls.map { $0.takeRenewal() }, leaseInSeconds: lease / .seconds(1))
            for control in controls { apply(signals[control.job] ?? .lost, to: control, until: until) }
        } catch {
            log.warning("leases not renewed", metadata: ["jobs": "\(controls.count)", "error": "\(error)"])
            for control in controls where control.leaseUntil - max(now, .now) < lease / 3 {
                control.interrupt(.leaseLost)
            }
            // Soon again: the database may be back before the leases end.
            bell.ring()
            try? await Task.sleep(for: min(.seconds(2), lease / 20))
        }
    }

    private func apply(_ signal: LeaseSignal, to control: JobControl, until: ContinuousClock.Instant) {
        switch signal {
        case .proceed: control.extendLease(until: until)
        case .cancel: control.interrupt(.cancelled)
        case .pause: control.interrupt(.paused)
        case .finish: control.askToFinish()
        // A job that ended between the snapshot and the answer is no longer ours either; its control is gone then.
        case .lost: control.interrupt(.leaseLost)
        }
        if signal != .proceed && signal != .lost { control.extendLease(until: until) }
    }
}
