import ArgumentParser
import Augmentation
import Console
import Documents
import Foundation
import Learning

/// `columna train recipes`: the recipes that are in the program.
struct TrainRecipesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recipes", abstract: "List the recipes in the program, or print one as a file to begin with.",
        discussion: """
            A name goes wherever a recipe's file does (--recipe NAME).

            Examples:
              columna train recipes
              columna train recipes segresnet-strong > mine.yaml
            """)

    @Argument(help: "Print this one (YAML).")
    var name: RecipePreset?

    @OptionGroup var output: OutputOptions

    func run() throws {
        if let name {
            let recipe = try name.recipe()
            let json = String(decoding: try recipe.json(), as: UTF8.self)
            output.show(JSONValue(orText: json)) {
                print(name.yaml, terminator: "")
            }
            return
        }
        let all = try RecipePreset.allCases.map { ($0, try $0.recipe()) }
        let rows: [JSONValue] = try all.map {
            [
                "name": JSONValue($0.0.rawValue),
                "recipe": JSONValue(orText: String(decoding: try $0.1.json(), as: UTF8.self)),
            ]
        }
        output.show(JSONValue(rows)) {
            var table = TextTable("recipe", "epochs", "steps", "batch", "optimizer", "rate", "loss", "augmentation")
            for (preset, recipe) in all {
                table.add(
                    preset.rawValue, "\(recipe.epochs)", recipe.stepsPerEpoch.map(String.init) ?? "one a case",
                    recipe.batchSize.map(String.init) ?? "the plan's", recipe.optimizer.rawValue,
                    "\(Wording.rate(recipe.learningRate)) \(recipe.schedule.rawValue)", recipe.loss.rawValue,
                    recipe.augmentation.preset.rawValue)
            }
            print(table.text)
        }
    }
}

extension RecipePreset: DescribedArgument {}
