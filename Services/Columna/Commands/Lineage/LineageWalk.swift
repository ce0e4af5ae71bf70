import Persistence
import Console
import Documents
import JobEngine
import Operations

/// A job in the tree of what made something: what it read, and below that the jobs which wrote it.
struct LineageNode: Sendable {
    struct Input: Sendable {
        let row: LineageRow
        /// Nil: no job wrote it (imported), or its job stands elsewhere in the tree.
        let producer: [LineageNode]
    }

    let job: JobRecord
    let codeVersion: String?
    let inputs: [Input]
    let outputs: [LineageRow]
    /// Parents that no input leads to.
    let otherParents: [LineageNode]
    /// Shown before: its own origins are not repeated.
    let isRepeated: Bool
}

/// Walks the graph of jobs and artifacts back to its sources; every job is unfolded once.
struct LineageWalk {
    let system: SystemConnection
    private var seen: Set<JobID> = []

    init(system: SystemConnection) { self.system = system }

    mutating func node(_ id: JobID) async throws -> LineageNode {
        guard let job = try await system.store.job(id) else { throw CommandFailure(.failed, "there is no job \(id)") }
        let rows = try await Lookup(pool: system.pool).lineage(of: id)
        let codeVersion = rows.first?.codeVersion
        guard seen.insert(id).inserted else {
            return LineageNode(
                job: job, codeVersion: codeVersion, inputs: [], outputs: [], otherParents: [], isRepeated: true)
        }
        let artifacts = rows.filter { !$0.address.isEmpty }
        var inputs: [LineageNode.Input] = []
        for row in artifacts where row.isInput {
            var producer: [LineageNode] = []
            if let maker = row.producer, maker != id { producer = [try await node(maker)] }
            inputs.append(LineageNode.Input(row: row, producer: producer))
        }
        let reached = Set(artifacts.compactMap(\.producer))
        var others: [LineageNode] = []
        for parent in try await system.store.parents(of: id) where !reached.contains(parent) {
            others.append(try await node(parent))
        }
        return LineageNode(
            job: job, codeVersion: codeVersion, inputs: inputs, outputs: artifacts.filter { !$0.isInput },
            otherParents: others, isRepeated: false)
    }
}

extension LineageNode {
    func json(_ system: SystemConnection) -> JSONValue {
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
                    inputs.map { input in
                        Self.json(
                            input.row, system,
                            more: [(key: "made_by", value: input.producer.first?.json(system) ?? nil)])
                    })
            ),
            (key: "outputs", value: JSONValue(outputs.map { Self.json($0, system) })),
            (key: "parents", value: JSONValue(otherParents.map { $0.json(system) })),
        ]
        return .object(members)
    }

    private static func json(
        _ row: LineageRow, _ system: SystemConnection, more: [(key: String, value: JSONValue)] = []
    ) -> JSONValue {
        .object(
            [
                (key: "role", value: JSONValue(row.role)), (key: "address", value: JSONValue(row.address)),
                (key: "byte_count", value: JSONValue(row.byteCount)),
                (key: "path", value: JSONValue(system.path(of: row.address))),
                (key: "model", value: JSONValue(row.model)),
            ] + more)
    }

    /// The job, what it wrote, and below it what it read and from whom.
    func show(_ system: SystemConnection, prefix: String, isLast: Bool) {
        print(
            "\(prefix)\(isLast ? "└─ " : "├─ ")\(job.kind.rawValue) \(job.id) \(job.state.rawValue), code \(codeVersion ?? "-")\(isRepeated ? ", see above" : "")"
        )
        guard !isRepeated else { return }
        let below = prefix + (isLast ? "   " : "│  ")
        let bar = inputs.isEmpty && otherParents.isEmpty ? "   " : "│  "
        for row in outputs { print("\(below)\(bar)wrote \(Self.line(row))") }
        let count = inputs.count + otherParents.count
        for (index, input) in inputs.enumerated() {
            let last = index == count - 1
            let origin = Self.origin(input)
            print("\(below)\(last ? "└─ " : "├─ ")read \(Self.line(input.row))\(origin)")
            for node in input.producer where !node.isRepeated {
                node.show(system, prefix: below + (last ? "   " : "│  "), isLast: true)
            }
        }
        for (index, node) in otherParents.enumerated() {
            node.show(system, prefix: below, isLast: inputs.count + index == count - 1)
        }
    }

    /// A job that stands above already is named on the line itself.
    private static func origin(_ input: Input) -> String {
        guard let maker = input.producer.first else { return input.row.model == nil ? "" : ", imported" }
        return maker.isRepeated ? ", from \(maker.job.kind.rawValue) \(maker.job.id) above" : ""
    }

    private static func line(_ row: LineageRow) -> String {
        "\(row.role)\(row.model.map { " (model \($0))" } ?? "") \(row.address), \(Wording.bytes(row.byteCount))"
    }
}
