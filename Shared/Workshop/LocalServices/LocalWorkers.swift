import Faults
import FoundationEssentials
import Glibc
import JobEngine

/// Brings the workers of a stack to the number, the program and the settings that are wanted.
struct LocalWorkers {
    let folder: LocalFolder
    let mark: StackMark
    let report: @Sendable (String) -> Void

    /// After so long without an end a worker is killed.
    static let grace = Duration.seconds(20)

    /// A worker gives its jobs back in less than the time after which it is killed.
    static let ownSettings = ["COLUMNA_GRACE_SECONDS": "15"]

    /// - Parameter settings: the variables a worker is started with beside the caller's; one that runs with others is
    ///   replaced.
    func adjust(
        _ state: inout LocalState, executables: String, settings: [String: String],
        save: (LocalState) throws(LocalServicesError) -> Void
    ) throws(LocalServicesError) {
        let kept = state.workers.filter { worker in
            worker.process.isRunning && worker.number <= state.replicas[worker.stage, default: 0]
                && worker.settings == settings
                && worker.process.executable == program(worker.stage, executables)
        }
        try end(state.workers.filter { !kept.contains($0) }.filter(\.process.isRunning))
        state.workers = kept
        var started: [LocalState.Worker] = []
        for stage in Stage.allCases.map(\.rawValue) {
            for number in 1...max(1, state.replicas[stage, default: 0])
            where number <= state.replicas[stage, default: 0] {
                guard !kept.contains(where: { $0.stage == stage && $0.number == number }) else { continue }
                let worker = try start(stage, number, executables: executables, settings: settings)
                started.append(worker)
                state.workers.append(worker)
                try save(state)
            }
        }
        try verify(started)
    }

    /// Ends workers; says which had to be killed.
    func end(_ workers: [LocalState.Worker]) throws(LocalServicesError) {
        guard !workers.isEmpty else { return }
        let count = "\(workers.count) worker\(workers.count == 1 ? "" : "s")"
        report("stopping \(count); handing back jobs may take up to \(Self.grace.components.seconds) s")
        for process in ProcessIdentity.end(workers.map(\.process), grace: Self.grace) {
            let name = workers.first { $0.process == process }?.name ?? "?"
            report(
                "killed the worker \(name) (process \(process.pid)): it did not end within \(Self.grace.components.seconds) s"
            )
        }
    }

    private func start(_ stage: String, _ number: Int, executables: String, settings: [String: String])
        throws(LocalServicesError)
        -> LocalState.Worker
    {
        let path = program(stage, executables)
        guard access(path, X_OK) == 0 else {
            throw LocalServicesError(
                .startFailed,
                "the worker \(path) is missing; build it with `swift build -c release --product columna-\(stage)`")
        }
        let environment = ProcessInfo.processInfo.environment.merging(settings) { $1 }.merging(mark.variable(.worker)) {
            $1
        }
        let log = folder.log(stage, number)
        let process = try ChildProcess(executable: path, arguments: [], environment: environment).startDetached(
            log: log)
        report("started the worker \(stage)-\(number) (process \(process.pid))")
        return LocalState.Worker(stage: stage, number: number, process: process, settings: settings)
    }

    /// A worker that cannot use its settings ends at once; one that lives for a second has understood them.
    private func verify(_ workers: [LocalState.Worker]) throws(LocalServicesError) {
        guard !workers.isEmpty else { return }
        _ = waited(.seconds(1)) { workers.contains { !$0.process.isRunning } }
        guard let dead = workers.first(where: { !$0.process.isRunning }) else { return }
        throw LocalServicesError(
            .startFailed, "the worker \(dead.name) ended at once: \(SystemFile.tail(folder.log(of: dead)))")
    }

    /// Links resolved, as the kernel shows the file of a process.
    private func program(_ stage: String, _ executables: String) -> String {
        let path = "\(executables)/columna-\(stage)"
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

extension LocalState.Worker {
    var name: String { "\(stage)-\(number)" }
}

extension LocalFolder {
    func log(_ stage: String, _ number: Int) -> String { "\(logs)/\(stage)-\(number).log" }
    func log(of worker: LocalState.Worker) -> String { log(worker.stage, worker.number) }
}
