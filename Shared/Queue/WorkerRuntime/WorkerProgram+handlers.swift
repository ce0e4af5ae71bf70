package import JobEngine

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
