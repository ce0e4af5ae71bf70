import ArgumentParser
import Console
import JobEngine
import Operations

/// The ids that a decision is about; the decision fails as a whole only after all have been tried.
struct JobDecision: ParsableArguments {
    @Argument(help: "Ids of jobs.")
    var ids: [JobID]

    func apply(_ command: OperatorCommand) async throws {
        try await Self.apply(command, to: ids, in: try SystemConnection())
    }

    static func apply(_ command: OperatorCommand, to ids: [JobID], in system: SystemConnection) async throws {
        var isComplete = true
        for id in ids {
            do {
                switch try await system.decide(command, id) {
                case .job(let state): print("\(id) \(done(command)), now \(state.rawValue)")
                case .messageSentAgain:
                    print("\(id): its message was put back to the intake, this dead job is discarded")
                }
            } catch {
                if SystemConnection.endsRun(error) { throw error }
                remark("columna: \(error is OperationError ? "" : "\(id): ")\(CommandFailure(error))")
                isComplete = false
            }
        }
        if !isComplete { throw ExitCode(1) }
    }

    private static func done(_ command: OperatorCommand) -> String {
        switch command {
        case .cancel: "asked to cancel"
        case .pause: "paused"
        case .resume: "resumed"
        case .replay: "put back"
        case .discard: "discarded"
        case .finish: "asked to end with what it has"
        }
    }
}
