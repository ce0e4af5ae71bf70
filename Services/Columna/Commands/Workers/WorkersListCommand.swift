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

    @Option(help: ArgumentHelp("How far to look back.", valueName: "seconds"))
    var since = 3600.0

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        let workers = try await system.store.workers(heardOfWithin: since)
            .filter { all || $0.state != .stopped }
            .sorted { (Self.position($0.stage), $0.id) < (Self.position($1.stage), $1.id) }
        let paused = try await system.store.pausedStages()
        let dependencies = try await system.store.dependencies()
        output.show(Self.json(workers, paused, dependencies)) {
            print(
                workers.isEmpty
                    ? "No \(all ? "" : "running ")worker has been heard of in the last \(Wording.duration(since))."
                    : Self.table(workers))
            for worker in workers where !worker.note.isEmpty && worker.state == .running {
                print("\(worker.id) claims no jobs: \(worker.note)")
            }
            for dependency in dependencies { print(Self.sentence(dependency)) }
            for stage in Stage.allCases where paused.contains(stage) {
                print("stage \(stage.rawValue) is paused; let it go on with `columna workers resume \(stage.rawValue)`")
            }
        }
    }

    /// In the order studies take through them.
    private static func position(_ stage: Stage) -> Int { Stage.allCases.firstIndex(of: stage) ?? 0 }

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

    private static func json(_ workers: [WorkerRecord], _ paused: Set<Stage>, _ dependencies: [DependencyRecord])
        -> JSONValue
    {
        let list: [JSONValue] = workers.map {
            [
                "id": JSONValue($0.id), "stage": JSONValue($0.stage.rawValue), "host": JSONValue($0.host),
                "process_id": JSONValue($0.processID),
                "version": JSONValue($0.version), "slots": JSONValue($0.slots), "busy_slots": JSONValue($0.busySlots),
                "state": JSONValue($0.state.rawValue), "started_at": JSONValue($0.startedAt),
                "heartbeat_at": JSONValue($0.heartbeatAt),
                "clock_skew_seconds": JSONValue($0.clockSkewInSeconds), "note": JSONValue($0.note),
            ]
        }
        let needs: [JSONValue] = dependencies.map {
            [
                "name": JSONValue($0.name), "failures": JSONValue($0.failures), "held_since": JSONValue($0.openedAt),
                "next_try_at": JSONValue($0.probeAt), "reason": JSONValue($0.reason),
                "held_jobs": JSONValue($0.heldJobs),
            ]
        }
        return [
            "workers": JSONValue(list),
            "paused_stages": JSONValue(Stage.allCases.filter(paused.contains).map { JSONValue($0.rawValue) }),
            "dependencies": JSONValue(needs),
        ]
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
