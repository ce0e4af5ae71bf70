import FoundationEssentials
package import JobEngine
package import Logging
import Messaging
import ServiceLifecycle
package import Storage
import Threads

/// Claims jobs of one stage and runs them in its slots, next to its upkeep (lease keeper, sweeper, heartbeat).
///
/// ```
/// wake-ups ─┐
/// a free slot ├─> WorkerState ─ claim ─> store ─> JobRunner (one thread a job) ─> end of job ─> outbox relay
/// a tick  ──┘                                             LeaseKeeper renews, brings cancel and pause
/// ```
package final class JobWorker: Service {
    package struct Parts: Sendable {
        package var stage: Stage
        package var configuration: WorkerConfiguration
        package var broker: any MessageSource
        /// Runs beside the worker, and longer: it publishes what the last jobs leave.
        package var relay: OutboxRelay
        package var store: any JobStore
        /// Over a connection of its own.
        package var leaseStore: any JobStore
        package var objects: any ObjectStore
        /// Knows which store `objects` must be.
        package var registry: any StoreRegistry
        package var handlers: [any JobHandler]
        package var log: Logger

        package init(
            stage: Stage, configuration: WorkerConfiguration, broker: any MessageSource, relay: OutboxRelay,
            store: any JobStore, leaseStore: any JobStore, objects: any ObjectStore,
            registry: any StoreRegistry, handlers: [any JobHandler],
            log: Logger
        ) {
            self.stage = stage
            self.configuration = configuration
            self.broker = broker
            self.relay = relay
            self.store = store
            self.leaseStore = leaseStore
            self.objects = objects
            self.registry = registry
            self.handlers = handlers
            self.log = log
        }
    }

    package let id: String
    private let parts: Parts
    private let keeper: LeaseKeeper
    private let listener: WakeUpListener
    private let runner: JobRunner
    private let gate: ClaimGate
    private let events: AsyncStream<WorkerState.Event>
    private let post: AsyncStream<WorkerState.Event>.Continuation

    package init(_ parts: Parts) {
        self.parts = parts
        id =
            "\(parts.stage.rawValue)-\(HostName.current)-\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString.lowercased().prefix(8))"
        var log = parts.log
        log[metadataKey: "worker"] = "\(id)"
        keeper = LeaseKeeper(store: parts.leaseStore, leaseInSeconds: parts.configuration.leaseInSeconds, log: log)
        listener = WakeUpListener(
            parts.broker, stage: parts.stage, prefetch: max(4, parts.configuration.slots), log: log)
        runner = JobRunner(
            store: parts.store, keeper: keeper, handlers: parts.handlers,
            objects: parts.objects, configuration: parts.configuration, log: log)
        gate = ClaimGate(objects: parts.objects, registry: parts.registry)
        (events, post) = AsyncStream.makeStream(of: WorkerState.Event.self)
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
                    await withTaskExecutorPreference(ThreadExecutor(name: "columna.leases")) { await keeper.run() }
                }
                upkeep.addTask { [self] in await listener.run { post.yield(.heard($0)) } }
                upkeep.addTask { [self] in await listenToOperators() }
                upkeep.addTask { [self] in
                    await Sweeper(store: parts.store, everySeconds: parts.configuration.sweepInSeconds, log: parts.log)
                        .run { parts.relay.ring() }
                }
                upkeep.addTask { [self] in await tick() }
                let note = await dispatch()
                await heartbeat(.stopped, busy: 0, note)
                upkeep.cancelAll()
            }
        } onGracefulShutdown: {
            self.post.yield(.drain)
        }
        parts.log.info("worker stopped", metadata: ["worker": "\(id)"])
    }

    /// Hears operators' cancel, pause and resume. The truth stands in the database; a message only makes the worker look
    /// at once.
    private func listenToOperators() async {
        let broker = parts.broker
        await Subscription(complaint: "cannot listen for control messages", log: parts.log) {
            try await broker.consume(
                .exclusiveQueue(boundTo: Topology.standard.controlExchange), prefetch: 16, name: "columna control")
        }.run { consumer, delivery in
            consumer.ack(delivery)
            keeper.lookNow()
            post.yield(.workMayBeThere)
        }
    }

    private func tick() async {
        while !Task.isCancelled {
            post.yield(.tick)
            try? await Task.sleep(for: .seconds(1))
        }
    }

    // MARK: Dispatch

    /// Until the state says that it is over. Returns the state's last note.
    private func dispatch() async -> String {
        var state = WorkerState(slots: parts.configuration.slots)
        await withDiscardingTaskGroup { tasks in
            for await event in events {
                for action in state.handle(event, at: .now) { await perform(action, in: &tasks) }
            }
        }
        return state.note
    }

    private func perform(_ action: WorkerState.Action, in tasks: inout DiscardingTaskGroup) async {
        switch action {
        case .claim(let claim): tasks.addTask { [self] in await perform(claim) }
        case .acknowledge(let wakeUps): listener.acknowledge(wakeUps)
        case .listen: listener.resume()
        case .fallSilent: await listener.suspend()
        case .say(""): parts.log.notice("claiming jobs again", metadata: ["worker": "\(id)"])
        case .say(let reason):
            parts.log.error("claiming no jobs", metadata: ["worker": "\(id)", "reason": "\(reason)"])
        case .heartbeat(let state, let busy, let note):
            tasks.addTask { [self] in await heartbeat(state, busy: busy, note) }
        case .interruptJobs: keeper.drain()
        case .end: post.finish()
        }
    }

    private func perform(_ claim: WorkerState.Claim) async {
        var claim = claim
        do {
            switch try await gate.ask(limit: claim.limit) {
            case .closed(let reason): return _ = post.yield(.held(reason, claim))
            case .open(let limit): claim.limit = limit
            }
            let request = ClaimRequest(
                stage: parts.stage, kinds: parts.handlers.map(\.kind), worker: id, limit: claim.limit,
                leaseInSeconds: parts.configuration.leaseInSeconds, codeVersion: CodeVersion.current)
            let leaseUntil = ContinuousClock.now + .seconds(request.leaseInSeconds)
            let claimed = try await gate.claim { [store = parts.store] in try await store.claimAvailableJobs(request) }
            post.yield(.claimed(claimed.count, claim))
            await run(claimed, leaseUntil: leaseUntil)
        } catch {
            parts.log.warning("cannot claim jobs", metadata: ["worker": "\(id)", "error": "\(error)"])
            post.yield(.claimFailed(claim))
        }
    }

    private func run(_ jobs: [ClaimedJob], leaseUntil: ContinuousClock.Instant) async {
        if !jobs.isEmpty { parts.relay.ring() }
        await withDiscardingTaskGroup { slots in
            for job in jobs {
                slots.addTask { [self] in
                    await gate.note(await runner.run(job, leaseUntil: leaseUntil))
                    parts.relay.ring()
                    post.yield(.jobFinished)
                }
            }
        }
    }

    // MARK: Upkeep

    private func heartbeat(_ state: Worker.State, busy: Int, _ note: String) async {
        do {
            let skew = try await ClockSkew.measure(parts.store)
            if skew.isTooLarge {
                parts.log.warning(
                    "this host's clock differs from the database's: mend its time server",
                    metadata: ["worker": "\(id)", "clock_skew": "\(skew)"])
            }
            try await parts.store.recordHeartbeat(described(state, busy: busy, note, skew))
        } catch {
            parts.log.warning("heartbeat not recorded", metadata: ["worker": "\(id)", "error": "\(error)"])
        }
    }

    private func described(_ state: Worker.State, busy: Int, _ note: String, _ skew: ClockSkew) -> Worker {
        Worker(
            id: id, stage: parts.stage, host: HostName.current,
            processID: Int(ProcessInfo.processInfo.processIdentifier),
            version: CodeVersion.current, slots: parts.configuration.slots, busySlots: busy, state: state,
            clockSkewInSeconds: skew.seconds, note: note)
    }
}
