import ArgumentParser
import Console
import Documents
import Foundation
import JobEngine
import Learning
import Operations
import Studies

struct TrainPolicySetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Set after how many corrections a model is fine-tuned.",
        discussion: """
            Counted are CTs whose segmentation by the model was corrected since the last round, without those that --data-set holds out; corrections that
            are there already count. Without --recipe it is fine-tuned as its promoted version was trained, at a tenth of the rate for a fifth of the epochs.

            Example:
              columna train policy set --model spine --after 20 --data-set spines --split test --tenant radiology
            """)

    @Option(help: ArgumentHelp("The model.", valueName: "name"))
    var model: ModelReference

    @Option(help: ArgumentHelp("How many corrections.", valueName: "number"), in: .from(1, to: 1_000_000))
    var after: Int

    @Option(
        help: ArgumentHelp("The data set whose cases are learned from beside the corrected ones.", valueName: "name"))
    var dataSet: String

    @Option(help: "The split of it whose cases decide whether the new version is promoted.")
    var split = "test"

    @Option(help: ArgumentHelp("How to fine-tune (YAML or JSON, see `columna train recipes`).", valueName: "file"))
    var recipe: String?

    @Flag(help: "Also where other tenants have studies of the model: a promoted version serves them, too.")
    var forAllTenants = false

    @Option(help: "Whose corrections.")
    var tenant: Tenant = "local"

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard model.version == nil else {
            throw ValidationError(
                "a policy is of a model's name alone, got '\(model)': its promoted version is fine-tuned")
        }
    }

    func run() async throws {
        let chosen = try recipe.map { try NamedFile("--recipe", $0).read(Recipe.init(yaml:)) }
        let policy = try await SystemConnection().setCorrectionPolicy(
            model: model.name, tenant: tenant, after: after, dataSet: dataSet, split: split, recipe: chosen,
            forAllTenants: forAllTenants)
        output.show(policy.document) {
            let recipe = try? Recipe(json: Data(policy.recipeJSON.utf8))
            print(
                "\(model) is fine-tuned after \(Wording.count(after, "correction"))"
                    + (recipe.map { ": \(Wording.count($0.epochs, "epoch")) at rate \(Wording.rate($0.learningRate))" }
                        ?? "") + (forAllTenants ? ", for all tenants" : ""))
        }
    }
}
