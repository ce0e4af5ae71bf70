import Faults
import Foundation
import Ranks
import WorkerRuntime

/// How many processes share a training, and where they run; checked at start.
///
/// | Variable | Type | Default |
/// |---|---|---|
/// | `COLUMNA_RANKS` | ranks of a training, 1…1024 | 1 |
/// | `COLUMNA_RANK_HOSTS` | `node1:2,node2:2`: hosts and their ranks, together as many | all on this machine |
/// | `COLUMNA_RANK_START_SECONDS` | what ranks may take to come up, 1…3600 | 120 |
struct RankSettings {
    let count: Int
    /// As `mpirun` takes them.
    let hosts: String
    /// Until all have come up.
    let secondsToStart: Int
    /// The path of `mpirun`; nil: one rank needs none.
    let launcher: String?
    /// The program that ranks run: where it lay when this one started, for it may be replaced meanwhile.
    let program: String

    /// - Throws: `ConfigurationError`, also where more than one rank is wanted and Open MPI is not there.
    init(environment: [String: String]) throws {
        let reader = EnvironmentReader(environment)
        count = try reader.integer("COLUMNA_RANKS", in: 1...1024, default: 1)
        secondsToStart = try reader.integer("COLUMNA_RANK_START_SECONDS", in: 1...3600, default: 120)
        program =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        guard count > 1 else {
            (hosts, launcher) = ("", nil)
            return
        }
        hosts =
            try reader.optionalText("COLUMNA_RANK_HOSTS").map { [count] in try Self.checked($0, count) }
            ?? "localhost:\(count)"
        launcher = try Self.launcher(count, path: environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin")
    }

    private static func checked(_ text: String, _ count: Int) throws -> String {
        var slots = 0
        for host in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = host.split(separator: ":", omittingEmptySubsequences: false)
            let isName =
                parts[0].first.map { $0.isASCII && ($0.isLetter || $0.isNumber) } == true
                && parts[0].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
            guard isName, parts.count <= 2, let own = parts.count == 2 ? Int(parts[1]) : 1, (1...1024).contains(own)
            else { throw wrong(text, count) }
            slots += own
        }
        guard slots == count else { throw wrong(text, count) }
        return text
    }

    private static func wrong(_ text: String, _ count: Int) -> ConfigurationError {
        ConfigurationError(
            variable: "COLUMNA_RANK_HOSTS", value: text,
            expected: "hosts with their ranks, such as node1:2,node2:2, together the \(count) of COLUMNA_RANKS",
            remedy: "unset it to run all on this machine")
    }

    private static func launcher(_ count: Int, path: String) throws -> String {
        func missing(_ what: String) -> ConfigurationError {
            ConfigurationError(
                variable: "COLUMNA_RANKS", value: "\(count)", expected: "1, or Open MPI on this machine (\(what))",
                remedy: "apt-get install \(OpenMPI.package), or: export COLUMNA_RANKS=1")
        }
        guard
            let program = path.split(separator: ":").map({ String($0) + "/mpirun" }).first(where: {
                access($0, X_OK) == 0
            })
        else { throw missing("there is no mpirun on the PATH") }
        do throws(RankError) { try OpenMPI.require() } catch { throw missing(error.description) }
        return program
    }
}
