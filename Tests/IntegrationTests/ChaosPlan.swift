import Foundation

/// How much the kill test does: the short form in CI, the long one (`Scripts/chaos`) with COLUMNA_CHAOS_JOBS=500.
///
/// | Variable | Meaning | Default |
/// |---|---|---|
/// | `COLUMNA_CHAOS_JOBS` | jobs, each with one effect; from 300 on the broker is killed twice | 120 |
/// | `COLUMNA_CHAOS_FOLDER` | where the private services live | a temporary folder |
struct ChaosPlan: Sendable {
    let jobs: Int
    let folder: URL
    let workers = 3
    let leaseInSeconds = 5
    let jobInMilliseconds = 20
    /// Everything must have ended so long after the last disturbance.
    let recoveryLimitInSeconds = 120.0

    struct InvalidSetting: Error, CustomStringConvertible {
        let description: String
    }

    init(_ environment: [String: String]) throws {
        let text = environment["COLUMNA_CHAOS_JOBS"] ?? "120"
        guard let jobs = Int(text), (1...100_000).contains(jobs) else {
            throw InvalidSetting(
                description: "COLUMNA_CHAOS_JOBS is '\(text)', expected a number from 1 to 100000; unset it to use 120")
        }
        self.jobs = jobs
        let temporary = FileManager.default.temporaryDirectory.appending(path: "columna-chaos-\(UUID().uuidString)")
        folder = environment["COLUMNA_CHAOS_FOLDER"].map { URL(filePath: $0) } ?? temporary
    }

    var isLong: Bool { jobs >= 300 }
    /// Quiet between two disturbances, in which only workers die.
    var pauseInSeconds: Double { isLong ? 5 : 1 }
    /// Jobs arrive over this time; what is left when the disturbances are over comes in one last burst.
    var arrivalInSeconds: Double { isLong ? 60 : 25 }

    var workerEnvironment: [String: String] {
        [
            "COLUMNA_LEASE_SECONDS": "\(leaseInSeconds)", "COLUMNA_SWEEP_SECONDS": "1", "COLUMNA_SLOTS": "4",
            "COLUMNA_GRACE_SECONDS": "5",
            // Crashes are tried again after seconds, not minutes.
            "COLUMNA_RETRY_PERCENT": "1",
        ]
    }

    /// The folder of built products: the test bundle is an executable that lies among them.
    static let executables = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

    static var worker: URL { executables.appending(path: "columna-evaluation") }

    static var canRun: Bool {
        if ProcessInfo.processInfo.environment["COLUMNA_REQUIRE_SERVICES"] != nil { return true }
        return [worker.path, "/usr/lib/rabbitmq/bin/rabbitmq-server", "/usr/lib/postgresql"].allSatisfy {
            FileManager.default.fileExists(atPath: $0)
        }
    }
}
