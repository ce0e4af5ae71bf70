import ArgumentParser
import Console
import JobEngine
import Operations

/// Which dead jobs are meant: named ones, or all that died of something.
struct DeadSelection: ParsableArguments {
    @Argument(help: "Ids of jobs.")
    var ids: [JobID] = []

    @Flag(help: "All dead jobs.")
    var all = false

    @Option(help: "All that died of this code.")
    var code: String?

    @Option(help: "With --all or --code: only of this stage.")
    var stage: Stage?

    func validate() throws {
        guard !ids.isEmpty || all || code != nil else {
            throw ValidationError("name jobs, or say --all or --code CODE")
        }
        guard ids.isEmpty || (!all && code == nil) else {
            throw ValidationError("name jobs or say --all or --code, not both")
        }
    }

    func apply(_ command: OperatorCommand) async throws {
        let system = try SystemConnection()
        var ids = ids
        if ids.isEmpty {
            ids = try await system.deadJobs(code: code, stage: stage)
            if ids.isEmpty { return print("No dead jobs match.") }
        }
        try await JobDecision.apply(command, to: ids, in: system)
    }
}
