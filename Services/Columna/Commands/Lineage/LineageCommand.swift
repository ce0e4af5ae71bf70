import Persistence
import ArgumentParser
import Console
import Documents
import Foundation
import JobEngine
import Studies
import Operations

/// `columna lineage`: from any result back to the bytes of the study, the model version and the code version that made
/// it.
struct LineageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lineage", abstract: "Walk from a job, study, artifact or model back to everything that made it.",
        discussion: """
            Examples:
              columna lineage 1b4e28ba-2fa1-41d2-883f-0016d3cca427
              columna lineage sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
              columna lineage spine@3 --json
            """)

    @Argument(help: "Id of a job or study, message id, address of an artifact (sha256:…), or model NAME[@VERSION].")
    var id: String

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        var walk = LineageWalk(system: system)
        let roots = try await roots(system)
        var trees: [LineageNode] = []
        for root in roots.jobs { trees.append(try await walk.node(root)) }
        output.show(
            ["id": JSONValue(id), "what": JSONValue(roots.what), "jobs": JSONValue(trees.map { $0.json(system) })]
        ) {
            print(roots.what)
            if trees.isEmpty { print("└─ made elsewhere: no job wrote it") }
            for (index, tree) in trees.enumerated() { tree.show(system, prefix: "", isLast: index == trees.count - 1) }
        }
    }

    private func roots(_ system: SystemConnection) async throws -> (what: String, jobs: [JobID]) {
        if id.hasPrefix("sha256:") { return try await ofArtifact(system) }
        if let uuid = UUID(uuidString: id), try await system.store.job(JobID(uuid)) != nil {
            return ("job \(JobID(uuid))", [JobID(uuid)])
        }
        if let model = try await ofModel(system) { return model }
        return try await ofStudy(system)
    }

    private func ofStudy(_ system: SystemConnection) async throws -> (what: String, jobs: [JobID]) {
        let uuid = try await system.study(id, what: "job, study, message or model")
        // The last jobs of a study lead back to all others.
        var leaves: [JobID] = []
        for job in try await system.store.jobs(JobFilter(study: uuid, limit: 1000)).reversed() {
            if try await system.store.children(of: job.id).isEmpty { leaves.append(job.id) }
        }
        return ("study \(uuid.uuidString.lowercased())", leaves)
    }

    private func ofArtifact(_ system: SystemConnection) async throws -> (what: String, jobs: [JobID]) {
        let lookup = Lookup(pool: system.pool)
        let writers = try await lookup.jobs(writing: id)
        let readers = try await lookup.jobs(reading: id)
        guard !writers.isEmpty || !readers.isEmpty else {
            throw CommandFailure(.failed, "no job has read or written \(id)")
        }
        let use = readers.isEmpty ? "" : ", read by \(Wording.count(readers.count, "job"))"
        return ("artifact \(id)\(use)", writers)
    }

    /// Nil: there is no such model.
    private func ofModel(_ system: SystemConnection) async throws -> (what: String, jobs: [JobID])? {
        guard let wanted = try? ModelReference(id) else { return nil }
        let model: ModelVersion
        do { model = try await system.catalog.version(wanted) } catch let failure as JobFailure
            where failure.code == "model-not-found"
        { return nil }
        return ("model \(model.reference), weights \(model.weights.address)", model.job.map { [$0] } ?? [])
    }
}
