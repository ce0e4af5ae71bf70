package import ServiceLifecycle

/// What a worker process runs.
package struct WorkerProgram: Sendable {
    /// One per job kind of the stage.
    package var handlers: [any JobHandler]
    /// Further services of the process (the intake of `columna-ingestion`).
    package var companions: @Sendable (JobWorker.Parts, OutboxRelay) throws -> [any Service]

    package init(
        _ handlers: [any JobHandler],
        companions: @escaping @Sendable (JobWorker.Parts, OutboxRelay) throws -> [any Service] = { _, _ in [] }
    ) {
        self.handlers = handlers
        self.companions = companions
    }
}
