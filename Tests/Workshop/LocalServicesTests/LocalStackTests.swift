import Foundation
import LocalServices
import Testing

private let packagesAreInstalled =
    ProcessInfo.processInfo.environment["COLUMNA_REQUIRE_SERVICES"] != nil
    || ["/usr/lib/rabbitmq/bin/rabbitmq-server", "/usr/lib/postgresql"].allSatisfy {
        FileManager.default.fileExists(atPath: $0)
    }

/// Starts real services, in a folder under /tmp; skipped where the packages are not installed.
@Suite(.enabled(if: packagesAreInstalled, "needs postgresql-15 and rabbitmq-server"))
struct LocalStackTests {
    @Test func stackStartsIsReusedRecoversAndLeavesNothingBehind() throws {
        let parent = FileManager.default.temporaryDirectory.appending(path: "columna-local-\(UUID().uuidString)")
        let directory = parent.appending(path: "stack", directoryHint: .isDirectory)
        defer { try? FileManager.default.removeItem(at: parent) }
        let stack = LocalStack(directory: directory)
        defer { _ = try? stack.down(deletingData: true) }

        let environment = try stack.up(LocalRequest(inputRoots: ["/data", "/data"]))
        let first = try stack.status()
        #expect(first.isRunning)
        #expect(first.workers.isEmpty)
        #expect(first.inputRoots == ["/data"])
        #expect(try LocalEnvironment.load(directory) == environment)
        #expect(environment.environmentVariables["COLUMNA_INPUT_ROOTS"] == "/data")
        #expect(try permissions(directory.appending(path: "local.json")) == 0o600)

        try stack.up(.servicesOnly)
        #expect(try stack.status() == first, "a second up reuses what runs")

        for service in LocalService.allCases { try stack.kill(service) }
        #expect(try !stack.status().isRunning)
        #expect(
            try stack.up(.servicesOnly) == environment, "killed services return on their ports with their passwords")

        let running = try stack.status()
        let processes = processesMentioning(directory.path)
        #expect(!processes.isEmpty)
        #expect(try stack.down())
        #expect(try stack.status().isRunning == false)
        #expect(try stack.status().database.port == running.database.port)
        #expect(processesMentioning(directory.path).isEmpty)

        let intruder = try Listener(port: running.database.port ?? 0)
        defer { intruder.close() }
        try stack.up(.servicesOnly)
        let moved = try stack.status()
        #expect(moved.isRunning)
        #expect(moved.database.port != running.database.port, "a port that another program took is given up")
        #expect(moved.broker.port == running.broker.port)

        #expect(try stack.down(deletingData: true))
        #expect(!FileManager.default.fileExists(atPath: directory.path))
        #expect(try !stack.down(), "without a stack there is nothing to end")
    }

    private func permissions(_ file: URL) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
    }

    /// Processes whose command line or environment names the folder: the servers and all they started.
    private func processesMentioning(_ path: String) -> [String] {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.filter { pid in
            guard let number = Int32(pid), number != getpid() else { return false }
            return ["cmdline", "environ"].contains { name in
                guard let file = FileHandle(forReadingAtPath: "/proc/\(pid)/\(name)"), let bytes = try? file.readToEnd()
                else { return false }
                return bytes.range(of: Data(path.utf8)) != nil
            }
        }
    }
}
