import Faults
import Foundation
import JobEngine
import Learning
import Logging
import Plans
import Ranks
import Storage
import Studies
import Synchronization
import TensorCore
import Threads
import WorkerRuntime

/// One of the processes that share a training: `mpirun` starts them, on behalf of a worker. They read cases and
/// checkpoints from storage and know neither database nor broker.
///
/// A rank that cannot go on says so and waits to be ended: the others wait for it in the midst of an exchange, so
/// nothing but `mpirun` can end all.
struct RankProcess {
    /// By which the training worker's program becomes a rank, which waits so long for the others to come up.
    static func arguments(secondsToStart: Int) -> [String] { ["--rank", "\(secondsToStart)"] }

    /// What `arguments` say; nil: it is no rank.
    static func secondsToStart(_ arguments: some Collection<String>) -> Int? {
        guard arguments.count == 2, arguments.first == "--rank" else { return nil }
        return arguments.dropFirst().first.flatMap { Int($0) }
    }

    private let exchange: OpenMPI
    private let log: Logger
    private let wishes: RankWishes

    static func run(secondsToStart: Int) async -> Never {
        let status = await OwnThread.run { () -> Int32 in
            do {
                try CPU.requireBaseline()
                let threads = try shareThreads()
                let others = RankGuard(secondsToStart: secondsToStart)
                let exchange = try OpenMPI()
                others.foundTheOthers()
                if exchange.rank == 0 { tell(.began) }
                let level = ProcessInfo.processInfo.environment["COLUMNA_LOG_LEVEL"] ?? "info"
                var log = WorkerLog.logger("columna-training", level: level)
                log[metadataKey: "rank"] = "\(exchange.rank) of \(exchange.count)"
                log.info("a rank begins", metadata: ["threads": "\(threads)"])
                try RankProcess(exchange: exchange, log: log, wishes: RankWishes()).train()
                exchange.finish()
                return 0
            } catch {
                Self.tell(.failed(JobFailure(error)))
                // Whoever reads it ends all ranks; if nobody does, this one's end ends them.
                sleep(10)
                return 1
            }
        }
        exit(status)
    }

    /// The ranks of a machine share its threads: those of COLUMNA_THREADS, or one a processor.
    private static func shareThreads() throws -> Int {
        let process = ProcessInfo.processInfo
        let all = try EnvironmentReader(process.environment).threads() ?? process.activeProcessorCount
        let threads = max(1, all / OpenMPI.ranksOnThisMachine)
        setenv("COLUMNA_THREADS", "\(threads)", 1)
        return threads
    }

    /// Lines go out whole, past all buffers.
    private static func tell(_ event: RankEvent) {
        guard var line = try? JSONEncoder().encode(event) else { return }
        line.append(UInt8(ascii: "\n"))
        FileHandle.standardOutput.write(line)
    }

    private var isFirst: Bool { exchange.rank == 0 }

    private func train() throws {
        let line = exchange.decided(isFirst ? Array((readLine() ?? "").utf8) : [])
        let order = try JSONDecoder().decode(RankOrder.self, from: Data(line))
        guard order.codeVersion == CodeVersion.current else {
            throw JobFailure(
                class: .resource, code: "rank-version",
                reason:
                    "rank \(exchange.rank) runs version \(CodeVersion.current), the worker \(order.codeVersion): install the same on all hosts of COLUMNA_RANK_HOSTS"
            )
        }
        if isFirst { wishes.listen() }
        let store = StoreLocation.store(
            at: try SystemSettings(environment: ProcessInfo.processInfo.environment).storage)
        try OwnThread.wait { try await store.require(order.storage) }
        let checkpoint = try Checkpoint.read(Self.open(order.checkpoint, in: store))
        let trainer = try trainer(order, checkpoint, store)
        let run = RankedSteps(order: order, store: store, wishes: wishes, log: log, tell: Self.tell)
        let result = try trainer.run(
            from: checkpoint, report: isFirst ? run.report : { _, _ in },
            shouldFinish: { wishes.isAskedToFinish && run.hasSteps })
        guard isFirst else { return }
        try run.end(with: result.last)
    }

    private func trainer(_ order: RankOrder, _ checkpoint: Checkpoint, _ store: any ObjectStore) throws -> Trainer {
        let recipe = try Recipe(json: Data(order.recipeJSON.utf8))
        let cases: any TrainingCases =
            if let generated = GeneratedDataSet(rawValue: order.dataSet) {
                try generated.cases(plan: checkpoint.plan, recipe: recipe)
            } else {
                StoredCases(
                    try order.cases.map { (try Self.open($0.image, in: store), try Self.open($0.label, in: store)) })
            }
        // The ranks of a machine share its memory as well.
        let limit =
            try WorkerConfiguration.memoryLimitInBytes(ProcessInfo.processInfo.environment)
            / OpenMPI.ranksOnThisMachine
        return try JobFailure.blamingInput("training-impossible") {
            try Trainer(
                plan: checkpoint.plan, recipe: recipe, cases: cases, split: checkpoint.split,
                cacheLimitInBytes: min(2 << 30, limit / 4), memoryLimitInBytes: limit, exchange: exchange)
        }
    }

    private static func open(_ reference: ArtifactReference, in store: any ObjectStore) throws -> URL {
        try OwnThread.wait { try await store.open(reference.address, expectedByteCount: reference.byteCount) }
    }
}

/// Rank 0's reports to the worker, and its checkpoints.
private final class RankedSteps {
    private let order: RankOrder
    private let store: any ObjectStore
    private let wishes: RankWishes
    private let log: Logger
    private let tell: (RankEvent) -> Void
    private var teller = RunTeller()
    private var due: ContinuousClock.Instant
    /// One step at least must have been made, so that there is something to end with.
    private(set) var hasSteps = false

    init(
        order: RankOrder, store: any ObjectStore, wishes: RankWishes, log: Logger, tell: @escaping (RankEvent) -> Void
    ) {
        (self.order, self.store, self.wishes, self.log, self.tell) = (order, store, wishes, log, tell)
        due = .now + .seconds(order.secondsBetweenSaves)
    }

    func report(_ event: TrainingEvent, _ checkpoint: Checkpoint) {
        if let news = teller.news(of: event) { tell(.news(news)) }
        hasSteps = checkpoint.state.step > 0
        // Nothing has changed yet.
        if case .planned = event { return }
        if wishes.isAskedToStop {
            save(checkpoint)
            tell(.stopped)
            // The others wait for this one; the worker ends all.
            while true { sleep(1) }
        }
        // Not in the middle of a validation, whose checkpoint is that of the step before.
        if case .validating = event { return }
        guard ContinuousClock.now >= due else { return }
        let isSaved = save(checkpoint)
        due = .now + .seconds(isSaved ? order.secondsBetweenSaves : order.secondsAfterFailedSave)
        teller.beginSteps()
    }

    /// - Throws: what storing throws: there is nothing else to end with.
    func end(with checkpoint: Checkpoint) throws {
        tell(.stored(try stored(checkpoint), step: checkpoint.state.step))
        tell(.ended)
    }

    @discardableResult
    private func save(_ checkpoint: Checkpoint) -> Bool {
        do {
            tell(.stored(try stored(checkpoint), step: checkpoint.state.step))
            return true
        } catch {
            log.error("a checkpoint is not stored; the run goes on", metadata: ["error": "\(error)"])
            tell(.notStored(step: checkpoint.state.step, JobFailure(error)))
            return false
        }
    }

    private func stored(_ checkpoint: Checkpoint) throws -> ArtifactReference {
        let (data, store) = (try checkpoint.data(), store)
        return ArtifactReference(.checkpoint, try OwnThread.wait { try await store.put(data) })
    }
}

/// What the worker wants of the run, as rank 0 hears it.
private final class RankWishes: Sendable {
    private let stop = Atomic(false)
    private let finish = Atomic(false)

    var isAskedToStop: Bool { stop.load(ordering: .relaxed) }
    var isAskedToFinish: Bool { finish.load(ordering: .relaxed) }

    /// Reads to the end of the input, where the worker is gone and so all ranks must be.
    func listen() {
        OwnThread.start("wishes") { [self] in
            while let line = readLine() {
                switch RankCommand(rawValue: line) {
                case .stop: stop.store(true, ordering: .relaxed)
                case .finish: finish.store(true, ordering: .relaxed)
                case nil: break
                }
            }
            _exit(1)
        }
    }
}
