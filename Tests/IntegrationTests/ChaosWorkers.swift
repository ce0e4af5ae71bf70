import Foundation
import Glibc
import Synchronization

/// Evaluation workers as processes of the test, which kills, freezes and replaces them.
final class ChaosWorkers: Sendable {
    private struct State {
        var processes: [Process] = []
        /// Not to be killed: frozen, or just thawed.
        var spared: Set<Int> = []
    }

    private let environment: [String: String]
    private let logs: URL
    private let state = Mutex(State())

    init(environment: [String: String], logs: URL) {
        self.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        self.logs = logs
    }

    func start(_ count: Int) throws {
        for number in 0..<count {
            let process = try launch(number)
            state.withLock { $0.processes.append(process) }
        }
    }

    /// Kills one that is not spared, at random, and starts another in its place. False: there was none to kill.
    /// - Parameter names: of workers, as they call themselves; nil: any.
    func killOne(of names: [String]? = nil) throws -> Bool {
        let victim = state.withLock { state in
            state.processes.indices.filter { number in
                let mark = "-\(state.processes[number].processIdentifier)-"
                return !state.spared.contains(number) && (names?.contains { $0.contains(mark) } ?? true)
            }
            .randomElement().map { (number: $0, process: state.processes[$0]) }
        }
        guard let victim else { return false }
        kill(victim.process.processIdentifier, SIGKILL)
        let successor = try launch(victim.number)
        state.withLock { $0.processes[victim.number] = successor }
        return true
    }

    /// Kills all, and starts as many again after `body`.
    func whileAllAreDead<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        let count = state.withLock { state in
            state.spared = Set(state.processes.indices)
            return state.processes.count
        }
        killAll()
        let result = try await body()
        state.withLock { $0.processes = [] }
        try start(count)
        state.withLock { $0.spared = [] }
        return result
    }

    func spare(_ number: Int) -> pid_t {
        state.withLock { state in
            state.spared.insert(number)
            return state.processes[number].processIdentifier
        }
    }

    func unspare(_ number: Int) { _ = state.withLock { $0.spared.remove(number) } }

    func killAll() {
        let processes = state.withLock { $0.processes }
        for process in processes { kill(process.processIdentifier, SIGKILL) }
        for process in processes { process.waitUntilExit() }
    }

    /// What a worker and those in whose place it is have written.
    func log(of number: Int) throws -> String { try String(contentsOf: logFile(number), encoding: .utf8) }

    private func logFile(_ number: Int) -> URL { logs.appending(path: "chaos-\(number).log") }

    private func launch(_ number: Int) throws -> Process {
        let log = logFile(number).path
        if !FileManager.default.fileExists(atPath: log) {
            _ = FileManager.default.createFile(atPath: log, contents: nil)
        }
        let output = try FileHandle(forWritingTo: URL(filePath: log))
        try output.seekToEnd()
        let process = Process()
        process.executableURL = ChaosPlan.worker
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try output.close()
        return process
    }
}
