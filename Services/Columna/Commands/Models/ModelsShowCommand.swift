import ArgumentParser
import Console
import Documents
import JobEngine
import Operations
import Studies

struct ModelsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a model version: weights, plan, recipe.",
        discussion: "Example:\n  columna models show spine@3")

    @Argument(help: "NAME or NAME@VERSION.")
    var model: ModelReference

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let system = try SystemConnection()
        let model = try await system.storedModel(model)
        let version = model.version
        let gates = try await system.gates(of: version.name).filter {
            [$0.gate.candidate, $0.gate.standing].contains(version.reference)
        }
        output.show(model.detail(gates)) {
            var facts = TextTable("fact", "value")
            facts.add("model", version.reference.description + (version.isPromoted ? " (promoted)" : ""))
            facts.add("variant", Wording.text(version.variant?.rawValue))
            facts.add("weights", model.weights.place)
            facts.add("size", Wording.bytes(version.weights.byteCount))
            facts.add("validation dice", Wording.ratio(version.validationDice))
            facts.add("data set", Wording.text(version.dataSet))
            facts.add("made", "\(Wording.time(version.createdAt)) by \(version.job.map { "job \($0)" } ?? "import")")
            for one in gates {
                facts.add(
                    "gate \(Wording.time(one.decidedAt))",
                    "\(one.isPromoted ? "promoted" : "not promoted") by \(one.actor): \(one.gate.sentence)")
            }
            print(facts.text)
            print(
                "\nplan \(JSONValue(orText: version.planJSON).text)\n\nrecipe \(JSONValue(orText: version.recipeJSON).text)"
            )
        }
    }
}
