import Faults
import Foundation
import JobEngine
import Ranks

/// The ranks of one training, as the worker speaks with them.
struct LaunchedRanks {
    enum Reading {
        case event(RankEvent)
        /// Nothing came in the time given.
        case nothing
        /// All ranks are gone.
        case end
    }

    private let launcher: RankLauncher

    /// Starts them.
    init(_ settings: RankSettings, environment: [String: String]) throws {
        guard let program = settings.launcher else { preconditionFailure("one rank needs no launcher") }
        let variables = environment.filter { name, _ in !Self.withheld.contains { name.hasPrefix($0) } }
        do {
            // Where it runs as root, in a container, it would refuse; ranks have several threads, which no core binds.
            launcher = try RankLauncher(
                program,
                arguments: ["--allow-run-as-root", "--bind-to", "none", "-np", "\(settings.count)"]
                    + ["--host", settings.hosts]
                    + variables.keys.sorted().filter { $0.hasPrefix("COLUMNA_") }.flatMap { ["-x", $0] }
                    + [settings.program] + RankProcess.arguments(secondsToStart: settings.secondsToStart),
                environment: Self.tuning.merging(variables) { $1 })
        } catch {
            throw JobFailure(class: .resource, code: "ranks-not-started", reason: error.description)
        }
    }

    /// What no rank needs, and some of which is secret.
    private static let withheld = ["COLUMNA_DATABASE_", "COLUMNA_BROKER_", "COLUMNA_RANK"]
    /// Unless the worker's environment says otherwise. Containers forbid reading another process's memory; whoever waits
    /// lets those who prepare crops have the core.
    private static let tuning = [
        "OMPI_MCA_btl_vader_single_copy_mechanism": "none", "OMPI_MCA_mpi_yield_when_idle": "1",
    ]

    func tell(_ order: RankOrder) throws {
        launcher.tell(String(decoding: try JSONEncoder().encode(order), as: UTF8.self))
    }

    func tell(_ command: RankCommand) { launcher.tell(command.rawValue) }

    /// The next event, waiting for it for so long; lines that are none of ours, the launcher's, are passed over.
    func next(within milliseconds: Int) -> Reading {
        let due = ContinuousClock.now + .milliseconds(milliseconds)
        while true {
            switch launcher.next(until: due) {
            case .nothing: return .nothing
            case .end: return .end
            case .line(let line):
                if let event = try? JSONDecoder().decode(RankEvent.self, from: Data(line.utf8)) { return .event(event) }
            }
        }
    }

    /// Waits until ranks that have done their work are gone.
    func leave() { launcher.leave() }

    /// Ends all ranks, wherever they stand.
    func end() { launcher.end() }
}
