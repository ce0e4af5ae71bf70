import ArgumentParser
import Console
import Documents
import Foundation
import JobEngine
import Operations

struct JobsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List jobs, newest first.",
        discussion: """
            Examples:
              columna jobs list --state running --state queued
              columna jobs list --stage inference --limit 20 --json
            """)

    @Option(help: "Only jobs in this state; may be repeated.")
    var state: [JobState] = []

    @Option(help: "Only jobs of this stage.")
    var stage: Stage?

    @Option(help: "Only jobs of this tenant.")
    var tenant: Tenant?

    @Option(help: ArgumentHelp("Only jobs of this study: its id, or that of the hospital's message.", valueName: "id"))
    var study: String?

    @Option(help: "At most so many.", in: .listed)
    var limit = 50

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        var wanted: StudyID?
        if let study { wanted = try await system.study(study) }
        let jobs = try await system.store.jobs(
            JobFilter(
                states: state.isEmpty ? nil : Set(state), stage: stage, tenant: tenant, study: wanted, limit: limit))
        let now = try await system.store.now()
        output.show(["jobs": JSONValue(jobs.map(\.document))]) {
            print(jobs.isEmpty ? "No jobs." : JobPresentation.table(jobs, now: now))
        }
    }
}
