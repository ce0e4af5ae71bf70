import ArgumentParser
import Console
import Documents
import Foundation
import JobEngine
import Operations
import WorkerRuntime

struct WorkersListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the workers heard of lately that have not stopped, by stage.",
        discussion: """
            Examples:
              columna workers --since 600
              columna workers --all
            """)

    @Flag(help: "Stopped ones as well.")
    var all = false

    @Option(help: ArgumentHelp("How far to look back.", valueName: "seconds"), in: .seconds)
    var since = 3600.0

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let report = try await WorkforceReport(heardOfWithin: since, stopped: all, in: try SystemConnection())
        output.show(report.document) {
            print(
                report.workers.isEmpty
                    ? "No \(all ? "" : "running ")worker has been heard of in the last \(Wording.duration(since))."
                    : Self.table(report.workers))
            for worker in report.workers where !worker.note.isEmpty && worker.state == .running {
                print("\(worker.id) claims no jobs: \(worker.note)")
            }
            for dependency in report.dependencies { print(Self.sentence(dependency)) }
            for stage in report.pausedStages {
                print("stage \(stage.rawValue) is paused; let it go on with `columna workers resume \(stage.rawValue)`")
            }
        }
    }

    private static func table(_ workers: [WorkerRecord]) -> String {
        var table = TextTable("stage", "worker", "state", ">busy", ">slots", "heard of", "up", "clock", "version")
        for worker in workers {
            let silence = worker.silenceInSeconds
            let state =
                worker.state != .running
                ? worker.state.rawValue : silence > 120 ? "silent" : worker.note.isEmpty ? "running" : "holding"
            table.add(
                worker.stage.rawValue, worker.id, state, String(worker.busySlots), String(worker.slots),
                Wording.duration(silence) + " ago",
                Wording.duration(worker.heartbeatAt.timeIntervalSince(worker.startedAt)), Self.skew(worker),
                worker.version)
        }
        return table.text
    }

    /// Of its host's clock against the database's.
    private static func skew(_ worker: WorkerRecord) -> String {
        worker.clockSkewInSeconds.map {
            abs($0) <= ClockSkew.limitInSeconds ? "right" : Wording.duration(abs($0)) + ($0 < 0 ? " behind" : " ahead")
        } ?? "-"
    }

    private static func sentence(_ dependency: DependencyRecord) -> String {
        guard let since = dependency.openedAt else {
            return
                "\(dependency.name) failed \(Wording.count(dependency.failures, "time")) in a row: \(dependency.reason)"
        }
        return
            "\(dependency.name) is away since \(Wording.time(since)), \(Wording.count(dependency.heldJobs, "job")) held, next try at "
            + "\(Wording.time(dependency.probeAt)): \(dependency.reason)"
    }
}
