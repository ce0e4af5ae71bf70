import ArgumentParser
import Console
import Documents
import Foundation
import JobEngine
import Operations
import Plans
import Studies

struct DatasetFromCorrectionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "from-corrections", abstract: "Make a new data set of another one's cases and the corrected ones.",
        discussion: """
            Of each CT the newest correction of what the model segmented. A case of --base that was corrected has the corrected labels and stays in its
            split; one that is held out (neither train nor val) stays as it is; a CT that the base does not have goes to train. Cases are made by the
            plan of the model's promoted version. A data set is made once: the next corrections make another.

            Example:
              columna dataset from-corrections spines-2 --base spines --model spine --wait
            """)

    @Argument(help: "The new data set's name.")
    var name: String

    @Option(help: ArgumentHelp("The data set whose cases it has beside the corrected ones.", valueName: "data-set"))
    var base: String

    @Option(help: ArgumentHelp("The model whose segmentations were corrected.", valueName: "name"))
    var model: ModelReference

    @Option(help: "Whose data set.")
    var tenant: Tenant = "local"

    @Flag(help: "Wait until all cases have ended; exit code 1 if one of them died.")
    var wait = false

    @OptionGroup var timeout: TimeoutOption

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard wait || timeout.seconds == nil else { throw ValidationError("--timeout needs --wait") }
    }

    func run() async throws {
        let system = try SystemConnection()
        let plan = try Plan(json: Data(try await system.model(model).planJSON.utf8))
        let made = try await CorrectedDataSet(name, base: base, tenant: tenant, plan: plan).make(
            model: model.name, in: system)
        var failures: [(case: String, job: JobRecord)] = []
        if wait {
            let progress = ProgressLine()
            defer { progress.end() }
            let follower = Follower(system, timeoutInSeconds: timeout.seconds) { progress.note("columna: " + $0) }
            let ended = try await follower.follow(jobs: made.jobs.map(\.id)) {
                progress.show(Double($0) / Double(max(1, made.jobs.count)), "case \($0) of \(made.jobs.count)")
            }
            failures = zip(made.jobs, ended).filter { $1.state != .succeeded }.map { ($0.caseName, $1) }
        }
        output.show([
            "data_set": JSONValue(name), "tenant": JSONValue(tenant), "taken_over": JSONValue(made.takenOver),
            "corrected": JSONValue(made.corrected), "held_out": JSONValue(made.heldOut),
            "withdrawn": JSONValue(made.withdrawn),
            "jobs": JSONValue(made.jobs.map { JSONValue($0.id.description) }),
        ]) {
            for one in failures { print("\(one.case): \(one.job.failure?.description ?? one.job.state.rawValue)") }
            let heldOut =
                made.heldOut > 0 ? "; \(Wording.count(made.heldOut, "correction")) of held-out cases left alone" : ""
            let withdrawn =
                made.withdrawn > 0
                ? "; \(Wording.count(made.withdrawn, "case")) left out, whose labels were withdrawn" : ""
            print(
                "data set \(name): \(Wording.count(made.takenOver, "case")) of \(base) as they are, \(Wording.count(made.jobs.count, "case")) to be made, \(Wording.count(made.corrected, "correction")) in them\(heldOut)\(withdrawn)"
            )
        }
        if !failures.isEmpty { throw ExitCode(1) }
    }
}
