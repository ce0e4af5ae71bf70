import FoundationEssentials
package import JobEngine
package import Storage

/// Whether this worker may claim: its storage is the database's, and its machine has not failed job after job.
///
/// Failing is faster than working, so a worker without its storage would take most of the queue and spoil it.
package actor ClaimGate {
    package enum Answer: Sendable, Equatable {
        case open(limit: Int)
        /// For this reason, in an operator's words.
        case closed(String)
    }

    private let objects: any ObjectStore
    private let registry: any StoreRegistry
    /// Seconds of a clock that nobody sets.
    private let clock: @Sendable () -> Double
    private var identity: UUID?
    private var machine = CircuitBreaker()
    /// Whether the claim under way is a try whether the machine works again.
    private var isProbing = false

    package init(
        objects: any ObjectStore, registry: any StoreRegistry,
        clock: @escaping @Sendable () -> Double = ClaimGate.uptime
    ) {
        self.objects = objects
        self.registry = registry
        self.clock = clock
    }

    /// Before each claim.
    ///
    /// - Throws: what keeps the database from telling which store it has.
    package func ask(limit: Int) async throws -> Answer {
        if let problem = try await problemOfStorage() { return .closed(problem) }
        switch machine.admit(now: clock()) {
        case .proceed: return .open(limit: limit)
        case .probe:
            isProbing = true
            return .open(limit: 1)
        case .wait(let seconds):
            return .closed(
                "\(machine.failures) jobs in a row failed by this machine's fault, last: \(machine.reason); next try in \(Int(seconds.rounded(.up))) s"
            )
        }
    }

    /// Carries out the claim that `ask` let through. One that brings no job proves nothing: if it was a try, the next
    /// may be made at once.
    package func claim(_ body: @Sendable () async throws -> [ClaimedJob]) async throws -> [ClaimedJob] {
        var claimed: [ClaimedJob] = []
        defer {
            if isProbing, claimed.isEmpty { machine.giveBackProbe(now: clock()) }
            isProbing = false
        }
        claimed = try await body()
        return claimed
    }

    package func note(_ outcome: JobOutcome) {
        switch outcome {
        case .completed: machine.succeeded()
        case .failed(let failure) where failure.isMachines: machine.failed(failure.description, now: clock())
        case .failed, .handedBack, .cancelled, .held: break
        }
    }

    /// Nil: none. The database is asked anew until the two agree, so that a store registered meanwhile is seen.
    private func problemOfStorage() async throws -> String? {
        if let identity, (try? await objects.require(identity)) != nil { return nil }
        guard let registered = try await registry.registeredStore() else { return StorageError.noStoreYet.description }
        do {
            try await objects.require(registered)
            identity = registered
            return nil
        } catch {
            return JobFailure(error).reason
        }
    }

    package static let uptime: @Sendable () -> Double = {
        let start = ContinuousClock.now
        return { (ContinuousClock.now - start) / .seconds(1) }
    }()
}
