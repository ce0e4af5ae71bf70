import FoundationEssentials
package import JobEngine
package import Logging
package import Messaging
import ServiceLifecycle
package import Storage
import Synchronization

/// One worker process: claims jobs of one stage and runs them in its slots, next to its upkeep (lease keeper, outbox
/// relay, sweeper, heartbeat).
///
/// ```
/// wake-ups ─┐
/// a free slot ├─> SlotBoard ─ claim(limit) ─> store ─> JobRunner (one thread a job) ─> end of job ─> outbox relay
/// a tick  ──┘                                             LeaseKeeper renews, brings cancel and pause
/// ```
package final class JobWorker: Service {
    package struct Parts: Sendable {
        package var stage: Stage
        package var configuration: WorkerConfiguration
        package var broker: BrokerURL
        package var store: any JobStore
        /// Over a connection of its own.
        package var leaseStore: any JobStore
        package var catalog: any Catalog
        package var objects: any ObjectStore
        /// Knows which store `objects` must be.
        package var registry: any StoreRegistry
        package var handlers: [any JobHandler]
        package var log: Logger

        package init(
            stage: Stage, configuration: WorkerConfiguration, broker: BrokerURL, store: any JobStore,
            leaseStore: any JobStore,
            catalog: any Catalog, objects: any ObjectStore, registry: any StoreRegistry, handlers: [any JobHandler],
            log: Logger
        ) {
            self.stage = stage
            self.configuration = configuration
            self.broker = broker
            self.store = store
            self.leaseStore = leaseStore
            self.catalog = catalog
            self.objects = objects
            self.registry = registry
            self.handlers = handlers
            self.log = log
        }
    }

    private enum Event: Sendable {
        case heard(Delivery)
        case workMayBeThere
        case claimed([ClaimedJob], leaseUntil: ContinuousClock.Instant, limit: Int, covered: [Delivery])
        case claimFailed(covered: [Delivery])
        /// This worker may not claim, for a reason in an operator's words.
        case held(String, covered: [Delivery])
        case jobFinished
        case tick
        case drain
    }

    package let id: String
    package let relay: OutboxRelay
    private let parts: Parts
    private let keeper: LeaseKeeper
    private let listener: WakeUpListener
    private let runner: JobRunner
    private let gate: ClaimGate
    /// Why nothing is claimed, for the heartbeat; empty while jobs are.
    private let note = Mutex("")
    private let events: AsyncStream<Event>
    private let post: AsyncStream<Event>.Continuation
    /// How long all slots must be busy before wake-ups are left to other replicas.
    private let patience = Duration.seconds(2)

    package init(_ parts: Parts) {
        self.parts = parts
        id =
            "\(parts.stage.rawValue)-\(HostName.current)-\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString.lowercased().prefix(8))"
        var log = parts.log
        log[metadataKey: "worker"] = "\(id)"
        relay = OutboxRelay(store: parts.store, log: log, broker: parts.broker)
        keeper = LeaseKeeper(store: parts.leaseStore, leaseInSeconds: parts.configuration.leaseInSeconds, log: log)
        listener = WakeUpListener(
            url: parts.broker, stage: parts.stage, prefetch: max(4, parts.configuration.slots), log: log)
        let handlers = Dictionary(uniqueKeysWithValues: parts.handlers.map { ($0.kind, $0) })
        runner = JobRunner(
            store: parts.store, keeper: keeper, handlers: handlers,
            context: { claimed, control, log in
                JobContext(
                    claimed: claimed, catalog: parts.catalog, configuration: parts.configuration, log: log,
                    control: control, jobs: parts.store,
                    objects: parts.objects)
            }, log: log)
        gate = ClaimGate(objects: parts.objects, registry: parts.registry)
        (events, post) = AsyncStream.makeStream(of: Event.self)
    }

    /// Runs until the process is told to stop; then hands its jobs back and returns.
    package func run() async throws {
        parts.log.info(
            "worker started",
            metadata: [
                "worker": "\(id)", "stage": "\(parts.stage.rawValue)", "slots": "\(parts.configuration.slots)",
                "version": "\(CodeVersion.current)",
            ])
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { upkeep in
                upkeep.addTask { [self] in
                    await withTaskExecutorPreference(JobQueueExecutor(label: "columna.leases")) { await keeper.run() }
                }
                upkeep.addTask { [self] in await relay.run() }
                upkeep.addTask { [self] in await listener.run { post.yield(.heard($0)) } }
                upkeep.addTask { [self] in
                    await ControlListener(url: parts.broker, log: parts.log).run { controlMessageHeard() }
                }
                upkeep.addTask { [self] in
                    await Sweeper(store: parts.store, everySeconds: parts.configuration.sweepInSeconds, log: parts.log)
                        .run { relay.ring() }
                }
                upkeep.addTask { [self] in await tick() }
                await dispatch()
                await heartbeat(.stopped, busy: 0)
                upkeep.cancelAll()
            }
        } onGracefulShutdown: {
            self.post.yield(.drain)
        }
        parts.log.info("worker stopped", metadata: ["worker": "\(id)"])
    }

    private func controlMessageHeard() {
        keeper.lookNow()
        post.yield(.workMayBeThere)
    }

    private func tick() async {
        while !Task.isCancelled {
            post.yield(.tick)
            try? await Task.sleep(for: .seconds(1))
        }
    }

    // MARK: Dispatch

    private func dispatch() async {
        var board = SlotBoard(slots: parts.configuration.slots)
        var unacknowledged: [Delivery] = []
        var fullSince: ContinuousClock.Instant?
        var ticks = 0
        var isDraining = false
        var failedClaims = 0
        var isHeld = false
        await withDiscardingTaskGroup { jobs in
            for await event in events {
                var action = SlotBoard.Action.wait
                switch event {
                case .heard(let delivery):
                    unacknowledged.append(delivery)
                    action = board.workMayBeThere()
                case .workMayBeThere:
                    action = board.workMayBeThere()
                case .claimed(let claimed, let leaseUntil, let limit, let covered):
                    failedClaims = 0
                    isHeld = false
                    sayHeld("", jobs: &jobs, busy: board.busy)
                    for job in claimed {
                        jobs.addTask { [self] in
                            await gate.note(await runner.run(job, leaseUntil: leaseUntil))
                            relay.ring()
                            post.yield(.jobFinished)
                        }
                    }
                    if !claimed.isEmpty { relay.ring() }
                    listener.acknowledge(covered)
                    action = board.claimFinished(claimed: claimed.count, limit: limit)
                case .claimFailed(let covered):
                    unacknowledged += covered
                    failedClaims += 1
                    board.claimFailed()
                case .held(let reason, let covered):
                    unacknowledged += covered
                    failedClaims += 1
                    isHeld = true
                    board.claimFailed()
                    sayHeld(reason, jobs: &jobs, busy: board.busy)
                case .jobFinished:
                    action = board.jobFinished()
                case .tick:
                    ticks += 1
                    // A look of one's own accord: lost messages lose no job. Also the retry after a claim that failed.
                    if failedClaims > 0 || ticks % 5 == 1 { action = board.workMayBeThere() }
                    if ticks % 10 == 1 {
                        let (state, busy) = (isDraining ? Worker.State.draining : .running, board.busy)
                        jobs.addTask { [self] in await heartbeat(state, busy: busy) }
                    }
                case .drain:
                    isDraining = true
                    board.drain()
                    keeper.drain()
                    startGracePeriod()
                    let busy = board.busy
                    jobs.addTask { [self] in await heartbeat(.draining, busy: busy) }
                }
                if isDraining {
                    await listener.suspend()
                    if board.isIdle { break }
                } else if board.isFull || isHeld {
                    fullSince = fullSince ?? .now
                    if let since = fullSince, isHeld || .now - since > patience {
                        // Most go back to the broker, for another replica. One that has gone back often is let go of:
                        // the broker would take the next return for poison, and the sweeper rings again anyway.
                        listener.acknowledge(unacknowledged.filter { $0.deliveryCount >= Topology.deliveryLimit - 2 })
                        await listener.suspend()
                        unacknowledged = []
                    }
                } else {
                    fullSince = nil
                    listener.resume()
                }
                if case .claim(let limit) = action {
                    let covered = unacknowledged
                    unacknowledged = []
                    jobs.addTask { [self] in await claim(limit: limit, covering: covered) }
                }
            }
        }
    }

    private func claim(limit: Int, covering deliveries: [Delivery]) async {
        do {
            guard case .open(let limit) = try await mayClaim(limit, covering: deliveries) else { return }
            let request = ClaimRequest(
                stage: parts.stage, kinds: parts.handlers.map(\.kind), worker: id, limit: limit,
                leaseInSeconds: parts.configuration.leaseInSeconds,
                codeVersion: CodeVersion.current)
            let leaseUntil = ContinuousClock.now + .seconds(request.leaseInSeconds)
            let claimed = try await gate.claim { [store = parts.store] in try await store.claimAvailableJobs(request) }
            post.yield(.claimed(claimed, leaseUntil: leaseUntil, limit: limit, covered: deliveries))
        } catch {
            parts.log.warning("cannot claim jobs", metadata: ["worker": "\(id)", "error": "\(error)"])
            post.yield(.claimFailed(covered: deliveries))
        }
    }

    private func mayClaim(_ limit: Int, covering deliveries: [Delivery]) async throws -> ClaimGate.Answer {
        let answer = try await gate.ask(limit: limit)
        if case .closed(let reason) = answer { post.yield(.held(reason, covered: deliveries)) }
        return answer
    }

    /// Says once that, and why, this worker claims nothing, and when it goes on.
    private func sayHeld(_ reason: String, jobs: inout DiscardingTaskGroup, busy: Int) {
        let before = note.withLock { note in
            defer { note = reason }
            return note
        }
        // A reason that counts seconds is the same reason.
        guard reason.isEmpty != before.isEmpty else { return }
        if reason.isEmpty {
            parts.log.notice("claiming jobs again", metadata: ["worker": "\(id)"])
        } else {
            parts.log.error("claiming no jobs", metadata: ["worker": "\(id)", "reason": "\(reason)"])
        }
        jobs.addTask { [self] in await heartbeat(.running, busy: busy) }
    }

    // MARK: Upkeep

    private func heartbeat(_ state: Worker.State, busy: Int) async {
        do {
            let skew = try await ClockSkew.measure(parts.store)
            if skew.isTooLarge {
                parts.log.warning(
                    "this host's clock differs from the database's: mend its time server",
                    metadata: ["worker": "\(id)", "clock_skew": "\(skew)"])
            }
            try await parts.store.recordHeartbeat(described(state, busy: busy, skew))
        } catch {
            parts.log.warning("heartbeat not recorded", metadata: ["worker": "\(id)", "error": "\(error)"])
        }
    }

    private func described(_ state: Worker.State, busy: Int, _ skew: ClockSkew) -> Worker {
        Worker(
            id: id, stage: parts.stage, host: HostName.current,
            processID: Int(ProcessInfo.processInfo.processIdentifier),
            version: CodeVersion.current, slots: parts.configuration.slots, busySlots: busy, state: state,
            clockSkewInSeconds: skew.seconds, note: note.withLock { $0 })
    }

    /// A handler that does not stop in time must not keep the process: its lease expires and another worker takes the
    /// job.
    private func startGracePeriod() {
        let seconds = parts.configuration.graceInSeconds
        let log = parts.log
        GracePeriod.start(seconds: seconds) {
            log.error(
                "the grace period is over with a job still running: leaving it to its lease",
                metadata: ["seconds": "\(seconds)"])
        }
    }
}
