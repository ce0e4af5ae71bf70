import ArgumentParser
import JobEngine

/// A model on the command line: `NAME` or `NAME@VERSION`.
struct ModelArgument: ExpressibleByArgument, Sendable {
    let reference: ModelReference

    init?(argument: String) {
        guard let reference = try? ModelReference(argument) else { return nil }
        self.reference = reference
    }

    func version(in system: SystemConnection) async throws -> ModelVersion {
        guard let model = try await system.catalog.modelVersion(name: reference.name, version: reference.version) else {
            throw CommandFailure(.failed, "there is no model \(reference); see `columna models list`")
        }
        return model
    }
}
