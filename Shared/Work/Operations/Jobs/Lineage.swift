package import Documents
import Faults
import Foundation
package import JobEngine
package import Registry
import Studies

/// What made something, back to the bytes of the study, the model version and the code version.
package struct Lineage: Documented {
    /// As it was asked for.
    package let id: String
    /// What that is: `job …`, `study …`, `artifact …` or `model …`.
    package let what: String
    /// Empty: no job wrote it.
    package let jobs: [LineageNode]

    /// - Parameter id: of a job or study, message id, address of an artifact (`sha256:…`), or model `NAME[@VERSION]`.
    /// - Throws: `OperationError` (`missing`) for what is none of them.
    package init(of id: String, in system: SystemConnection) async throws {
        self.id = id
        let (what, roots) = try await Self.roots(id, system)
        self.what = what
        var walk = LineageWalk(system: system)
        var nodes: [LineageNode] = []
        for root in roots { nodes.append(try await walk.node(root)) }
        jobs = nodes
    }

    package var document: JSONValue {
        ["id": JSONValue(id), "what": JSONValue(what), "jobs": JSONValue(jobs.map(\.document))]
    }

    private typealias Roots = (what: String, jobs: [JobID])

    private static func roots(_ id: String, _ system: SystemConnection) async throws -> Roots {
        if id.hasPrefix("sha256:") {
            guard let address = ContentAddress(id) else {
                throw OperationError(.badInput, "'\(id)' is no address, expected \(ContentAddress.expectation)")
            }
            return try await artifact(address, system)
        }
        if let job = JobID(id), try await system.store.job(job) != nil {
            return ("job \(job)", [job])
        }
        if let model = try await model(id, system) { return model }
        return try await study(id, system)
    }

    private static func study(_ id: String, _ system: SystemConnection) async throws -> Roots {
        let study = try await system.study(id, what: "job, study, message or model")
        // The last jobs of a study lead back to all others.
        var leaves: [JobID] = []
        for job in try await system.store.jobs(JobFilter(study: study, limit: 1000)).reversed() {
            if try await system.store.children(of: job.id).isEmpty { leaves.append(job.id) }
        }
        return ("study \(study)", leaves)
    }

    private static func artifact(_ address: ContentAddress, _ system: SystemConnection) async throws -> Roots {
        let lookup = Lookup(pool: system.pool)
        let writers = try await lookup.jobs(writing: address)
        let readers = try await lookup.jobs(reading: address)
        guard !writers.isEmpty || !readers.isEmpty else {
            throw OperationError(.missing, "no job has read or written \(address)")
        }
        let use = readers.isEmpty ? "" : ", read by \(Wording.count(readers.count, "job"))"
        return ("artifact \(address)\(use)", writers)
    }

    /// Nil: there is no such model.
    private static func model(_ id: String, _ system: SystemConnection) async throws -> Roots? {
        guard let wanted = ModelReference(rawValue: id) else { return nil }
        let model: ModelVersion
        do { model = try await system.catalog.version(wanted) } catch let failure as JobFailure
            where failure.code == "model-not-found"
        { return nil }
        return ("model \(model.reference), weights \(model.weights.address)", model.job.map { [$0] } ?? [])
    }
}

/// A job in the tree of what made something: what it read, and below that the jobs which wrote it.
package struct LineageNode: Documented {
    package struct Artifact: Sendable {
        package let row: LineageRow
        package let path: String?

        init(_ row: LineageRow, _ system: SystemConnection) {
            self.row = row
            path = system.path(of: row.address)
        }
    }

    package struct Input: Sendable {
        package let artifact: Artifact
        /// The job that wrote it; empty: no job did (imported), or that one is this very job.
        package let producer: [LineageNode]
    }

    package let job: JobRecord
    package let codeVersion: String?
    package let inputs: [Input]
    package let outputs: [Artifact]
    /// Parents that no input leads to.
    package let otherParents: [LineageNode]
    /// Shown before: its own origins are not repeated.
    package let isRepeated: Bool

    package var document: JSONValue {
        var members: [(key: String, value: JSONValue)] = [
            (key: "job", value: JSONValue(job.id.description)), (key: "kind", value: JSONValue(job.kind.rawValue)),
            (key: "state", value: JSONValue(job.state.rawValue)), (key: "study", value: JSONValue(job.study)),
            (key: "code_version", value: JSONValue(codeVersion)), (key: "repeated", value: JSONValue(isRepeated)),
        ]
        guard !isRepeated else { return .object(members) }
        members += [
            (key: "parameters", value: JSONValue(orText: job.parameters)),
            (
                key: "inputs",
                value: JSONValue(
                    inputs.map {
                        .object(
                            $0.artifact.members + [(key: "made_by", value: $0.producer.first?.document ?? nil)])
                    })
            ),
            (key: "outputs", value: JSONValue(outputs.map { .object($0.members) })),
            (key: "parents", value: JSONValue(otherParents.map(\.document))),
        ]
        return .object(members)
    }
}

extension LineageNode.Artifact {
    fileprivate var members: [(key: String, value: JSONValue)] {
        [
            (key: "role", value: JSONValue(row.role)), (key: "address", value: JSONValue(row.address)),
            (key: "byte_count", value: JSONValue(row.byteCount)), (key: "path", value: JSONValue(path)),
            (key: "model", value: JSONValue(row.model)),
        ]
    }
}

/// Walks the graph of jobs and artifacts back to its sources; every job is unfolded once.
private struct LineageWalk {
    let system: SystemConnection
    private var seen: Set<JobID> = []

    init(system: SystemConnection) { self.system = system }

    mutating func node(_ id: JobID) async throws -> LineageNode {
        guard let job = try await system.store.job(id) else { throw OperationError(.missing, "there is no job \(id)") }
        let (codeVersion, artifacts) = try await Lookup(pool: system.pool).lineage(of: id)
        guard seen.insert(id).inserted else {
            return LineageNode(
                job: job, codeVersion: codeVersion, inputs: [], outputs: [], otherParents: [], isRepeated: true)
        }
        var inputs: [LineageNode.Input] = []
        for row in artifacts where row.isInput {
            var producer: [LineageNode] = []
            if let maker = row.producer, maker != id { producer = [try await node(maker)] }
            inputs.append(LineageNode.Input(artifact: LineageNode.Artifact(row, system), producer: producer))
        }
        let reached = Set(artifacts.compactMap(\.producer))
        var others: [LineageNode] = []
        for parent in try await system.store.parents(of: id) where !reached.contains(parent) {
            others.append(try await node(parent))
        }
        return LineageNode(
            job: job, codeVersion: codeVersion, inputs: inputs,
            outputs: artifacts.filter { !$0.isInput }.map { LineageNode.Artifact($0, system) },
            otherParents: others, isRepeated: false)
    }
}
