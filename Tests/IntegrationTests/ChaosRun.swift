import Foundation
import Glibc
import JobEngine
import LocalServices
import Messaging
import Persistence
import Registry
import Studies
import Synchronization
import Threads
import WorkerRuntime

/// One kill test: jobs arrive while workers, broker and database are killed, queues are purged and a worker is frozen
/// beyond its lease.
final class ChaosRun: Sendable {
    private let plan: ChaosPlan
    private let stack: LocalStack
    private let system: LocalEnvironment
    private let store: PostgresJobStore
    private let ledger: ChaosLedger
    private let relay: OutboxRelay
    private let workers: ChaosWorkers
    private let disturbances = Mutex(ChaosReport.Disturbances())
    private let isOver = Atomic<Bool>(false)

    static func perform(_ plan: ChaosPlan) async throws -> ChaosReport {
        let stack = LocalStack(directory: plan.folder)
        do {
            let run = try await OwnThread.run { try ChaosRun(plan, stack) }
            let report = try await run.perform()
            try await OwnThread.run { _ = try stack.down(deletingData: true) }
            return report
        } catch {
            try? await OwnThread.run { _ = try stack.down(deletingData: true) }
            throw error
        }
    }

    private init(_ plan: ChaosPlan, _ stack: LocalStack) throws {
        self.plan = plan
        self.stack = stack
        system = try stack.up(.servicesOnly)
        let pool = PostgresPool(url: system.databaseURL, size: 4)
        store = PostgresJobStore(pool: pool, bookkeeping: .studies)
        ledger = ChaosLedger(pool: pool)
        relay = OutboxRelay(
            store: store, log: WorkerLog.logger("chaos", level: "critical"), broker: try BrokerURL(system.brokerURL))
        let environment = system.environmentVariables.merging(plan.workerEnvironment) { $1 }.merging(
            try Self.mark(plan.folder)
        ) { $1 }
        workers = ChaosWorkers(environment: environment, logs: plan.folder.appending(path: "logs"))
    }

    /// The variable by which `columna local down` finds the processes of a stack: also our workers, should this process
    /// be killed.
    private static func mark(_ folder: URL) throws -> [String: String] {
        struct State: Decodable {
            struct Mark: Decodable { let identifier: String }
            let mark: Mark
        }
        let state = try JSONDecoder().decode(State.self, from: Data(contentsOf: folder.appending(path: "local.json")))
        return ["COLUMNA_LOCAL_STACK": "\(state.mark.identifier)/worker"]
    }

    private func perform() async throws -> ChaosReport {
        try workers.start(plan.workers)
        defer { workers.killAll() }
        let relaying = Task { await relay.run() }
        defer { relaying.cancel() }
        let rehearsal = Rehearsal(milliseconds: plan.jobInMilliseconds, leavesEffect: true)
        let requests = try (0..<plan.jobs).map { _ in try JobRequest(rehearsal, tenant: "chaos") }
        let purged = requests.prefix(plan.jobs / 10), last = requests.suffix(plan.jobs / 5)
        let spread = requests[purged.endIndex..<last.startIndex]

        async let arrival: Void = enqueueSpread(spread)
        async let killing: Void = killWorkers()
        async let frozen = freezeOneWorker()
        try await pause()
        try await kill(.broker)
        let tokens = try await frozen
        try await purgeQueues(holding: Array(purged))
        try await pause()
        try await kill(.database)
        if plan.isLong {
            try await pause()
            try await kill(.broker)
        }
        try await pause()
        isOver.store(true, ordering: .releasing)
        try await arrival
        try await killing
        try await killAmongTheLast(Array(last))

        let lastDisturbance = ContinuousClock.now
        let poisoned = try await waitForEnd(of: requests.map(\.id))
        let recovery = ContinuousClock.now - lastDisturbance
        var report = try await examine(requests.map(\.id))
        report.poisoned = poisoned
        report.frozenJobs = tokens.count
        report.staleSuccesses = try await ledger.successes(of: tokens)
        report.recoveryInSeconds = recovery / .seconds(1)
        return report
    }

    // MARK: Jobs

    /// The same ids again when the answer was lost: whatever had arrived is a duplicate and stays one job.
    private func enqueue(_ batch: [JobRequest]) async throws {
        guard !batch.isEmpty else { return }
        _ = try await ledger.persist { try await self.store.enqueue(batch) }
        relay.ring()
    }

    /// A few jobs every 100 ms until the disturbances are over, then what is left of them at once.
    private func enqueueSpread(_ requests: ArraySlice<JobRequest>) async throws {
        let start = ContinuousClock.now
        var rest = requests
        while !rest.isEmpty {
            let isLast = isOver.load(ordering: .acquiring)
            let share = min(1, (ContinuousClock.now - start) / .seconds(plan.arrivalInSeconds))
            let due = isLast ? requests.endIndex : requests.startIndex + Int(share * Double(requests.count))
            let batch = rest.prefix(max(0, due - rest.startIndex))
            try await enqueue(Array(batch))
            rest = rest.dropFirst(batch.count)
            if !isLast { try await Task.sleep(for: .milliseconds(100)) }
        }
    }

    /// Returns when every job has succeeded or died for good; brings poisoned ones back and says how many there were.
    private func waitForEnd(of jobs: [JobID]) async throws -> Int {
        let end = ContinuousClock.now + .seconds(plan.recoveryLimitInSeconds)
        var poisoned: Set<JobID> = []
        while ContinuousClock.now < end {
            let states = try await ledger.states()
            if jobs.allSatisfy({ states[$0] == "succeeded" }) { break }
            for (job, state) in states where state == "dead" && !poisoned.contains(job) {
                guard try await store.job(job)?.failure?.code == "poison" else { continue }
                poisoned.insert(job)
                _ = try await store.replayJob(job, actor: "chaos")
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        return poisoned.count
    }

    private func examine(_ jobs: [JobID]) async throws -> ChaosReport {
        let states = try await ledger.states()
        let effects = try await ledger.effects()
        return ChaosReport(
            jobs: jobs.count,
            lost: jobs.filter { states[$0] != "succeeded" || effects[$0, default: 0] == 0 }.map {
                "\($0) \(states[$0] ?? "missing")"
            },
            duplicateEffects: effects.values.reduce(0) { $0 + $1 - 1 },
            crashedAttempts: try await ledger.crashedAttempts(), disturbances: disturbances.withLock { $0 })
    }

    // MARK: Disturbances

    /// One worker each second, at a random moment. Every third time it is one that holds a job just then: at random
    /// most would die idle.
    private func killWorkers() async throws {
        var count = 0
        while !isOver.load(ordering: .acquiring) {
            let moment = Double.random(in: 0..<1)
            try await Task.sleep(for: .seconds(moment))
            count += 1
            if count % 3 == 0 { try await killBusyWorker() } else { try countKills(workers.killOne()) }
            try await Task.sleep(for: .seconds(1 - moment))
        }
    }

    /// Kills whoever is found with a job within half a second.
    private func killBusyWorker() async throws {
        let end = ContinuousClock.now + .milliseconds(500)
        while ContinuousClock.now < end {
            let names = try await ledger.busyWorkers()
            if try countKills(workers.killOne(of: names)) { return }
            try await Task.sleep(for: .milliseconds(3))
        }
    }

    @discardableResult
    private func countKills(_ hasKilled: Bool) -> Bool {
        if hasKilled { disturbances.withLock { $0.kills += 1 } }
        return hasKilled
    }

    /// The last disturbances meet a full queue, so that there is something to recover from.
    private func killAmongTheLast(_ requests: [JobRequest]) async throws {
        let share = requests.count / 3 + 1
        for start in stride(from: 0, to: requests.count, by: share) {
            try await enqueue(Array(requests[start..<min(start + share, requests.count)]))
            try await killBusyWorker()
            try await Task.sleep(for: .seconds(1))
        }
    }

    private func pause() async throws { try await Task.sleep(for: .seconds(plan.pauseInSeconds)) }

    /// Purges all work queues while the wake-ups of these jobs wait there: all workers are dead just then.
    private func purgeQueues(holding requests: [JobRequest]) async throws {
        let count = try await workers.whileAllAreDead {
            try await self.enqueue(requests)
            return try await self.purgeQueues(whenFullOf: requests.count)
        }
        disturbances.withLock { disturbances in
            disturbances.kills += plan.workers
            disturbances.purges += 1
            disturbances.purgedMessages += count
        }
    }

    private func purgeQueues(whenFullOf count: Int) async throws -> Int {
        let session = try await BrokerSession.connect(try BrokerURL(system.brokerURL), name: "chaos")
        let queue = Topology.standard.workQueue(.evaluation, .routine)
        try await eventually("the wake-ups lie in their queue") {
            try await session.messageCount(of: queue) >= count ? true : nil
        }
        var purged = 0
        for stage in Stage.allCases {
            for queue in Topology.standard.workQueues(stage) { purged += try await session.purge(queue) }
        }
        await session.close()
        return purged
    }

    private func kill(_ service: LocalService) async throws {
        try await OwnThread.run { [stack] in
            try stack.kill(service)
            try stack.up(.servicesOnly)
        }
        disturbances.withLock { disturbances in
            switch service {
            case .broker: disturbances.brokerKills += 1
            case .database: disturbances.databaseKills += 1
            }
        }
    }

    /// Stops one worker (SIGSTOP) while it holds jobs, until their leases are over, and lets it go on.
    /// - Returns: the tokens it held, all stale by then and all tried.
    private func freezeOneWorker() async throws -> [Int64] {
        let number = 0
        let pid = workers.spare(number)
        defer { workers.unspare(number) }
        var tokens: [Int64] = []
        while !isOver.load(ordering: .acquiring) {
            Glibc.kill(pid, SIGSTOP)
            tokens = try await heldForGood(by: pid)
            guard tokens.isEmpty else { break }
            Glibc.kill(pid, SIGCONT)
            try await Task.sleep(for: .milliseconds(Int.random(in: 5...40)))
        }
        let before = try refusals(of: number)
        Glibc.kill(pid, SIGCONT)
        try await eventually("the thawed worker has tried what it must not be able to do") {
            try refusals(of: number) >= before + tokens.count ? true : nil
        }
        return tokens
    }

    /// What a stopped worker holds until its leases are over, without what it had sent just before it was stopped.
    private func heldForGood(by pid: Int32) async throws -> [Int64] {
        let tokens = try await ledger.tokensHeld(by: pid)
        try await eventually("all attempts of the stopped worker have an end") {
            try await ledger.open(tokens).isEmpty ? true : nil
        }
        return try await ledger.unsuccessful(tokens)
    }

    /// How often a worker has said that an end of its was not written, or has handed a job back.
    private func refusals(of number: Int) throws -> Int {
        try workers.log(of: number).split(separator: "\n").count {
            $0.contains("stale token") || $0.contains("job handed back")
        }
    }
}
