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
