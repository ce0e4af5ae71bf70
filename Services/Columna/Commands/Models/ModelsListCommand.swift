import ArgumentParser
import Console
import Documents
import JobEngine
import Operations
import Studies

struct ModelsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List model versions, newest first.",
        discussion: "Example:\n  columna models list --json")

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        let (models, now) = (try await system.models(), try await system.store.now())
        // Newest first: what was decided last counts.
        let gates = Dictionary(try await system.gates(of: nil).map { ($0.gate.candidate, $0) }) { first, _ in first }
        output.show(["models": JSONValue(models.map(\.document))]) {
            guard !models.isEmpty else {
                return print(
                    "No models: train one with `columna train start`, or bring one with `columna models import`.")
            }
            var table = TextTable(
                "model", "promoted", "gate", "variant", ">validation dice", "data set", ">size", "made", "job")
            for model in models.map(\.version) {
                table.add(
                    model.reference.rawValue, model.isPromoted ? "yes" : "",
                    gates[model.reference].map { $0.isPromoted ? "passed" : "not passed" } ?? "",
                    Wording.text(model.variant?.rawValue),
                    Wording.ratio(model.validationDice),
                    Wording.text(model.dataSet),
                    Wording.bytes(model.weights.byteCount), Wording.age(model.createdAt, now: now),
                    model.job?.description ?? "imported")
            }
            print(table.text)
            for line in Self.unpromoted(models.map(\.version)) { print(line) }
        }
    }

    /// A line for each name that means nothing by itself.
    static func unpromoted(_ models: [ModelVersion]) -> [String] {
        Dictionary(grouping: models, by: \.name).filter { !$0.value.contains(where: \.isPromoted) }.sorted {
            $0.key < $1.key
        }.map { name, versions in
            // A training's best, not the others that it left after it.
            let proposed = versions.first { $0.variant == nil || $0.variant == .best } ?? versions[0]
            return
                "\(name) alone means no version, for none is promoted: `columna models promote \(proposed.reference)`, or another, if it may serve"
        }
    }
}
