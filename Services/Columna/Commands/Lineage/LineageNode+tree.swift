import Documents
import JobEngine
import Operations
import Persistence
import Registry

extension LineageNode {
    /// The job, what it wrote, and below it what it read and from whom.
    func show(prefix: String, isLast: Bool) {
        print(
            "\(prefix)\(isLast ? "└─ " : "├─ ")\(job.kind.rawValue) \(job.id) \(job.state.rawValue), code \(codeVersion ?? "-")\(isRepeated ? ", see above" : "")"
        )
        guard !isRepeated else { return }
        let below = prefix + (isLast ? "   " : "│  ")
        let bar = inputs.isEmpty && otherParents.isEmpty ? "   " : "│  "
        for output in outputs { print("\(below)\(bar)wrote \(Self.line(output))") }
        let count = inputs.count + otherParents.count
        for (index, input) in inputs.enumerated() {
            let last = index == count - 1
            let origin = Self.origin(input)
            print("\(below)\(last ? "└─ " : "├─ ")read \(Self.line(input.artifact))\(origin)")
            for node in input.producer where !node.isRepeated {
                node.show(prefix: below + (last ? "   " : "│  "), isLast: true)
            }
        }
        for (index, node) in otherParents.enumerated() {
            node.show(prefix: below, isLast: inputs.count + index == count - 1)
        }
    }

    /// A job that stands above already is named on the line itself.
    private static func origin(_ input: Input) -> String {
        guard let maker = input.producer.first else { return input.artifact.row.model == nil ? "" : ", imported" }
        return maker.isRepeated ? ", from \(maker.job.kind.rawValue) \(maker.job.id) above" : ""
    }

    private static func line(_ artifact: Artifact) -> String {
        let row = artifact.row
        return
            "\(row.role)\(row.model.map { " (model \($0))" } ?? "") \(row.address), \(Wording.bytes(row.byteCount))"
    }
}
