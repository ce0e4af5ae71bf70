import Augmentation
import Faults
import Foundation
import Learning
import Testing

@Suite struct RecipeTests {
    @Test func namesOnlyWhatDiffers() throws {
        let recipe = try Recipe(
            json: Data("{\"epochs\": 3, \"schedule\": \"polynomial\", \"patch\": [64, 64, 64]}".utf8))
        var expected = Recipe()
        expected.epochs = 3
        expected.schedule = .polynomial
        expected.patch = [64, 64, 64]
        #expect(recipe == expected)
        #expect(try Recipe(json: recipe.json()) == recipe)
    }

    @Test(arguments: [
        ("{\"epochs\": 0}", "epochs"), ("{\"learningRate\": -1}", "learning rate"),
        ("{\"batchSize\": 0}", "batch size"),
        ("{\"foregroundFraction\": 1.5}", "foreground"), ("{\"validationFraction\": 1}", "validation"),
        ("{\"patch\": [64]}", "patch"),
        ("{\"epochs\": \"many\"}", "epochs must be a whole number"), ("{\"epochs\": 1.5}", "epochs has a number"),
        ("[", "JSON"),
        ("[]", "object in braces"),
        (
            "{\"epoch\": 2}",
            "no key \"epoch\", did you mean epochs? All keys: arithmetic, augmentation, averaging, batchDice"
        ),
        ("{\"patch\": [64, \"a\", 64]}", "patch[1] must be a whole number"),
        ("{\"patch\": 64}", "patch must be a list"),
        ("{\"epochs\": 1, \"epochs\": 2}", "the key \"epochs\" is there twice"),
        (
            "{\"schedule\": \"linear\"}",
            "schedule must be constant or polynomial or polynomial-by-epoch or cosine, got \"linear\""
        ),
        ("{\"stepsPerEpoch\": 0.5}", "stepsPerEpoch has a number"),
        ("{\"patch\": [64, 64, 6.4]}", "patch has a number"),
        ("{\"augmentation\": 3}", "augmentation must be a text"),
    ])
    func saysWhatIsWrong(json: String, fact: String) {
        let error = #expect(throws: LearningError.self) { try Recipe(json: Data(json.utf8)) }
        #expect(error?.code == .invalidRecipe || error?.code == .unreadableRecipe)
        #expect(error?.description.contains(fact) == true)
    }

    @Test func thePolynomialRateFallsToZero() {
        var recipe = Recipe()
        recipe.schedule = .polynomial
        #expect(recipe.learningRate(atStep: 0, of: 10) == 1e-4)
        #expect(abs(recipe.learningRate(atStep: 5, of: 10) - 1e-4 * pow(0.5, 0.9)) < 1e-12)
        recipe.schedule = .constant
        #expect(recipe.learningRate(atStep: 9, of: 10) == 1e-4)
    }

    @Test(arguments: [(1, 1, 0), (2, 1, 1), (5, 4, 1), (10, 8, 2), (11, 9, 2)])
    func theLastCasesValidate(count: Int, training: Int, validation: Int) {
        let split = TrainingSplit(count: count, validationFraction: 0.2)
        #expect(split.training == Array(0..<training))
        #expect(split.validation == Array(training..<(training + validation)))
    }

    @Test func randomNumbersDependOnSeedPurposeAndIndexOnly() {
        var values: [UInt64] = []
        for seed in [UInt64(0), 1] {
            for purpose in [StepRandom.Purpose.crop, .order] {
                for index in 0..<3 {
                    var (first, second) = (
                        StepRandom(seed: seed, purpose: purpose, index: index),
                        StepRandom(seed: seed, purpose: purpose, index: index)
                    )
                    let value = first.next()
                    #expect(value == second.next())
                    values.append(value)
                }
            }
        }
        #expect(Set(values).count == values.count)
    }
}
