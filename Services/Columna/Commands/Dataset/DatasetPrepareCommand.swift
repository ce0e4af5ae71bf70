import ArgumentParser
import Console
import Documents
import Foundation
import JobEngine
import Operations
import Plans

/// `columna dataset prepare`: makes a data set's cases network-ready by another plan.
struct DatasetPrepareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare", abstract: "Make the cases of a data set network-ready by another plan.",
        discussion: """
            From the volumes and labels in storage, one job per case: the folder they were imported from is not needed. Cases that the plan made
            already are left alone; each other one changes when its job has ended, and keeps its split.

            Example:
              columna dataset prepare total --plan plan.json --wait
            """)

    @Argument(help: "The data set's name.")
    var name: String

    @Option(help: ArgumentHelp("The plan to preprocess by (JSON).", valueName: "file"))
    var plan: String

    @Option(help: "Whose data set.")
    var tenant: Tenant = "local"

    @Option(help: "urgent, routine or bulk.")
    var priority = Priority.bulk

    @Flag(help: "Wait until all cases have ended; exit code 1 if one of them died.")
    var wait = false

    @OptionGroup var timeout: TimeoutOption

    @OptionGroup var output: OutputOptions

    func run() async throws {
        var preparation = DataSetPreparation(
            dataSet: name, tenant: tenant, plan: try NamedFile("--plan", plan).read(Plan.init(json:)))
        preparation.priority = priority
        let system = try SystemConnection()
        let jobs = try await preparation.place(in: system)
        let ended = wait ? try await follow(jobs.map(\.id), system) : []
        let failures = zip(jobs, ended).filter { $1.state != .succeeded }
        output.show(document(jobs, ended)) {
            for (one, job) in failures {
                print("\(one.caseName): \(job.failure?.description ?? job.state.rawValue)")
            }
            if jobs.isEmpty { return print("data set \(name): all cases are prepared by this plan already") }
            print(
                wait
                    ? "\(jobs.count - failures.count) of \(Wording.count(jobs.count, "case")) of data set \(name) prepared"
                    : "\(Wording.count(jobs.count, "case")) of data set \(name) will be prepared")
        }
        if !failures.isEmpty { throw ExitCode(1) }
    }

    private func follow(_ jobs: [JobID], _ system: SystemConnection) async throws -> [JobRecord] {
        let progress = ProgressLine()
        defer { progress.end() }
        let follower = Follower(system, timeoutInSeconds: timeout.seconds) { progress.note("columna: " + $0) }
        return try await follower.follow(jobs: jobs) {
            progress.show(Double($0) / Double(max(1, jobs.count)), "case \($0) of \(jobs.count)")
        }
    }

    private func document(_ jobs: [DataSetPreparation.Job], _ ended: [JobRecord]) -> JSONValue {
        let states = Dictionary(ended.map { ($0.id, $0.state) }, uniquingKeysWith: { first, _ in first })
        let list: [JSONValue] = jobs.map {
            [
                "name": JSONValue($0.caseName), "job": JSONValue($0.id.description),
                "state": JSONValue((states[$0.id] ?? .queued).rawValue),
            ]
        }
        return ["data_set": JSONValue(name), "tenant": JSONValue(tenant), "cases": JSONValue(list)]
    }
}
