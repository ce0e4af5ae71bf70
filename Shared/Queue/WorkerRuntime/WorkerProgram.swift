package import Faults
package import JobEngine
package import ServiceLifecycle

/// What a worker process runs.
package struct WorkerProgram: Sendable {
    /// One per job kind of the stage.
    package var handlers: [any JobHandler]
    /// Further services of the process (the intake of `columna-ingestion`).
    package var companions: [any Service]

    package init(_ handlers: [any JobHandler], companions: [any Service] = []) {
        self.handlers = handlers
        self.companions = companions
    }
}

extension WorkerProgram {
    /// - Parameter kinds: of the stage, as they are declared.
    /// - Throws: ``WorkerProgramError`` unless there is exactly one handler for each and none for others.
    package func checkHandlers(of stage: Stage, kinds: [JobKind]) throws(WorkerProgramError) {
        let handled = handlers.map(\.kind.rawValue)
        let declared = kinds.filter { $0.stage == stage }.map(\.rawValue)
        let faults =
            declared.compactMap { name -> String? in
                let count = handled.count { $0 == name }
                return count == 1 ? nil : "\(count == 0 ? "no handler" : "\(count) handlers") for \(name)"
            } + handled.filter { !declared.contains($0) }.map { "a handler for \($0), which is of another stage" }
        guard faults.isEmpty else { throw WorkerProgramError(stage: stage, faults: faults) }
    }
}

/// The program's list of handlers is not that of its stage's kinds.
package struct WorkerProgramError: Fault {
    package enum Code: String, Sendable, CaseIterable {
        case handlers = "handlers-incomplete"
    }

    package var stage: Stage
    package var faults: [String]

    package var code: Code { .handlers }
    package var blame: Blame { .defect }

    package var description: String {
        "the program of the stage \(stage.rawValue) has \(faults.joined(separator: ", ")), expected exactly one handler for each kind of the stage: mend the service's list of handlers"
    }
}
