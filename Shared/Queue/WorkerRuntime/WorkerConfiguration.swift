import FoundationEssentials

/// What every worker reads from its environment, checked at start: what `SystemSettings` names, of which database,
/// broker and storage are required, and
///
/// | Variable | Type | Default |
/// |---|---|---|
/// | `COLUMNA_SLOTS` | jobs at a time, 1…256 | 1 |
/// | `COLUMNA_THREADS` | threads that all loops of a process share, however many slots it has, 1…1024 | one a processor |
/// | `COLUMNA_LEASE_SECONDS` | 5…3600; renewed at a quarter of it | 120 |
/// | `COLUMNA_GRACE_SECONDS` | time to hand jobs back after SIGTERM, 1…3600 | 20 |
/// | `COLUMNA_SWEEP_SECONDS` | time between sweeps of all workers together, 1…3600 | 5 |
/// | `COLUMNA_RETRY_PERCENT` | delays and budgets of retries, 1…1000 % of the usual ones (rehearsals) | 100 |
/// | `COLUMNA_ARITHMETIC` | how inference computes convolutions: fast (Winograd), exact (direct) | fast |
/// | `COLUMNA_MEMORY_LIMIT_MIB` | most memory a job may plan to use | three quarters of the machine's |
/// | `COLUMNA_LOG_LEVEL` | trace, debug, info, notice, warning, error | info |
package struct WorkerConfiguration: ServiceConfiguration {
    package var system: SystemSettings
    package var slots: Int
    package var leaseInSeconds: Double
    package var graceInSeconds: Double
    package var sweepInSeconds: Double
    /// Factor on the delays and budgets of retries.
    package var retryPace: Double
    package var memoryLimitInBytes: Int
    /// Inference by direct sums instead of Winograd's algorithm; training follows its recipe.
    package var computesExactly: Bool
    package var logLevel: String

    package init(environment: [String: String]) throws {
        let reader = EnvironmentReader(environment)
        system = SystemSettings(environment: environment)
        try system.requireAll()
        slots = try reader.integer("COLUMNA_SLOTS", in: 1...256, default: 1)
        _ = try reader.threads()
        leaseInSeconds = Double(try reader.integer("COLUMNA_LEASE_SECONDS", in: 5...3600, default: 120))
        graceInSeconds = Double(try reader.integer("COLUMNA_GRACE_SECONDS", in: 1...3600, default: 20))
        sweepInSeconds = Double(try reader.integer("COLUMNA_SWEEP_SECONDS", in: 1...3600, default: 5))
        retryPace = Double(try reader.integer("COLUMNA_RETRY_PERCENT", in: 1...1000, default: 100)) / 100
        memoryLimitInBytes = try Self.memoryLimitInBytes(environment)
        computesExactly = try reader.choice("COLUMNA_ARITHMETIC", of: ["fast", "exact"], default: "fast") == "exact"
        logLevel = try reader.choice(
            "COLUMNA_LOG_LEVEL", of: ["trace", "debug", "info", "notice", "warning", "error"], default: "info")
    }
    /// `COLUMNA_MEMORY_LIMIT_MIB`, for who needs no more of it.
    package static func memoryLimitInBytes(_ environment: [String: String]) throws -> Int {
        let machine = Int(ProcessInfo.processInfo.physicalMemory >> 20)
        return try EnvironmentReader(environment).integer(
            "COLUMNA_MEMORY_LIMIT_MIB", in: 64...(1 << 24), default: max(64, machine * 3 / 4)) << 20
    }
}
