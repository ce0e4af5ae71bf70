import Foundation
import JobEngine
import WorkerRuntime

/// `mpirun` with the ranks of one training, all of which end with it.
final class RankLauncher {
    enum Reading {
        case event(RankEvent)
        /// Nothing came in the time given.
        case nothing
        /// All ranks are gone.
        case end
    }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var unread = Data()
    private let ended = DispatchSemaphore(value: 0)
    private var hasEnded = false

    /// Starts them.
    init(_ settings: RankSettings, environment: [String: String]) throws {
        guard let launcher = settings.launcher else { preconditionFailure("one rank needs no launcher") }
        let variables = environment.filter { name, _ in !Self.withheld.contains { name.hasPrefix($0) } }
        process.executableURL = URL(filePath: launcher)
        // Where it runs as root, in a container, it would refuse; ranks have several threads, which no core binds.
        process.arguments =
            ["--allow-run-as-root", "--bind-to", "none", "-np", "\(settings.count)", "--host", settings.hosts]
            + variables.keys.sorted().filter { $0.hasPrefix("COLUMNA_") }.flatMap { ["-x", $0] }
            + [settings.program, RankProcess.argument]
        process.environment = Self.tuning.merging(variables) { $1 }
        // Who writes to ranks that are gone shall live.
        signal(SIGPIPE, SIG_IGN)
        (process.standardInput, process.standardOutput) = (input, output)
        process.terminationHandler = { [ended] _ in ended.signal() }
        do { try process.run() } catch {
            throw JobFailure(
                class: .resource, code: "ranks-not-started",
                reason: "\(launcher) cannot be started: \(error.localizedDescription)")
        }
        try? output.fileHandleForWriting.close()
        try? input.fileHandleForReading.close()
    }

    /// What no rank needs, and some of which is secret.
    private static let withheld = ["COLUMNA_DATABASE_", "COLUMNA_BROKER_", "COLUMNA_RANK"]
    /// Unless the worker's environment says otherwise. Containers forbid reading another process's memory; whoever waits
    /// lets those who prepare crops have the core.
    private static let tuning = [
        "OMPI_MCA_btl_vader_single_copy_mechanism": "none", "OMPI_MCA_mpi_yield_when_idle": "1",
    ]

    func tell(_ line: some StringProtocol) {
        // Ranks that are gone do not read; that shows where their events end.
        try? input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
    }

    /// The next event, waiting for it for so long.
    func next(within milliseconds: Int32) -> Reading {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                let line = unread[unread.startIndex..<end]
                unread = Data(unread[(end + 1)...])
                // Lines that are none of ours are the launcher's.
                if let event = try? JSONDecoder().decode(RankEvent.self, from: Data(line)) { return .event(event) }
                continue
            }
            let descriptor = output.fileHandleForReading.fileDescriptor
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, milliseconds) > 0 else { return .nothing }
            var bytes = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(descriptor, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return .end }
            unread.append(contentsOf: bytes[..<count])
        }
    }

    /// Waits until ranks that have done their work are gone.
    func leave() { hasEnded = ended.wait(timeout: .now() + 30) == .success }

    /// Ends all ranks, wherever they stand, and waits until the launcher is gone.
    func end() {
        defer { try? input.fileHandleForWriting.close() }
        guard !hasEnded else { return }
        process.terminate()
        guard ended.wait(timeout: .now() + 10) == .timedOut else { return }
        kill(process.processIdentifier, SIGKILL)
        ended.wait()
    }
}
