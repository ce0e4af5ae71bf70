import Augmentation
import Faults
import Foundation
import Learning
import Plans
import Testing

@Suite struct RecipePresetTests {
    @Test(arguments: RecipePreset.allCases) func everyPresetIsARecipeAndComesBackFromJSON(_ preset: RecipePreset) throws
    {
        let recipe = try preset.recipe()
        #expect(try Recipe(json: recipe.json()) == recipe)
        #expect(try Recipe(yaml: recipe.json()) == recipe)
    }

    /// MONAI Label's decisions are the defaults: whoever says nothing trains as it does.
    @Test func theDefaultsAreMONAIs() throws {
        var expected = Recipe()
        (expected.patch, expected.batchSize) = ([96, 96, 96], 1)
        #expect(try RecipePreset.segResNetMONAI.recipe() == expected)
    }

    @Test func nnUNetsDecisionsAreThoseOfItsTrainer() throws {
        let recipe = try RecipePreset.nnUNet3DFullRes.recipe()
        #expect(recipe.epochs == 1000 && recipe.stepsPerEpoch == 250 && recipe.pseudoValidationSteps == 50)
        #expect(recipe.optimizer == .sgd && recipe.momentum == 0.99 && recipe.weightDecay == 3e-5)
        #expect(recipe.learningRate == 0.01 && recipe.schedule == .polynomialByEpoch && recipe.gradientNorm == 12)
        #expect(
            recipe.loss == .deepSupervision && recipe.augmentation == Augmentation.nnUNet
                && recipe.cropping == .overhanging)
    }

    /// What nnU-Net's planner decides is not the trainer's to say.
    @Test func whatARecipeLeavesOpenIsThePlanners() throws {
        var plan = Plan()
        plan.patch = [32, 64, 64]
        plan.training = PlannedTraining(batchSize: 5, batchDice: true)
        let preset = try RecipePreset.nnUNet3DFullRes.recipe()
        let planned = preset.completed(by: plan)
        #expect(planned.batchSize == 5 && planned.batchDice == true && planned.patch == nil)
        #expect(
            preset.stepSentence(under: plan)
                == "steps of 5 crops (the plan's) of 32 × 64 × 64 voxels (the plan's), Dice over all crops of a step (the plan's)"
        )
        let own = try Recipe(
            yaml: Data((RecipePreset.nnUNet3DFullRes.yaml + "batchSize: 3\nbatchDice: false\npatch: [32, 32, 32]").utf8)
        )
        #expect(own.completed(by: plan) == own)
        #expect(
            own.stepSentence(under: plan)
                == "steps of 3 crops (the recipe's) of 32 × 32 × 32 voxels (the recipe's), Dice over each crop (the recipe's)"
        )
        // Dice over a batch is for deep supervision; without a planner nnU-Net's least batch is 2, MONAI's is 1.
        #expect(Recipe().completed(by: plan).batchDice == false && Recipe().completed(by: plan).batchSize == 5)
        #expect(preset.completed(by: Plan()).batchSize == 2 && Recipe().completed(by: Plan()).batchSize == 1)
        #expect(
            Recipe().stepSentence(under: Plan()) == "steps of 1 crop (the default) of 96 × 96 × 96 voxels (the plan's)")
    }

    @Test func aYAMLFileWithAnAugmentationOfItsOwnIsRead() throws {
        let recipe = try Recipe(
            yaml: Data(
                """
                # mine
                epochs: 7
                learningRate: 1e-3
                augmentation:
                  preset: strong
                  rotation: {probability: 0.9, range: [-10, 10]}
                frozen: ["down_layers.*"]
                rateFactors: {"up_layers.*": 0.5}
                """.utf8))
        #expect(recipe.epochs == 7 && recipe.learningRate == 1e-3)
        var augmentation = Augmentation.strong
        augmentation.rotation = Augmentation.Chance(0.9, -10...10)
        #expect(recipe.augmentation == augmentation)
        #expect(recipe.frozen == ["down_layers.*"] && recipe.rateFactors == ["up_layers.*": 0.5])
    }

    /// A worker leaves what it cannot read to a newer one; a value that is out of range no worker can take.
    @Test func whatCannotBeReadIsToldFromWhatCannotBe() {
        for (yaml, code) in [
            ("warmth: 1", LearningErrorCode.unreadableRecipe), ("schemaVersion: 2", .unreadableRecipe),
            ("loss: newest", .unreadableRecipe), ("epochs: 0", .invalidRecipe),
        ] {
            let error = #expect(throws: LearningError.self) { try Recipe(yaml: Data(yaml.utf8)) }
            #expect(error?.code == code, "\(yaml)")
        }
    }

    @Test(arguments: [
        ("lerningRate: 1", "there is no key \"lerningRate\", did you mean learningRate?"),
        ("epochs: [", "not YAML"), ("- epochs", "keys with values"), ("epochs: 1\nepochs: 2", "epochs"),
        ("schemaVersion: 2\nepochs: 3", "a recipe of a newer program needs that program"),
        ("epochs: many", "epochs must be a whole number"),
        ("augmentation: {preset: strong, rotatoin: {}}", "did you mean rotation?"),
        ("judge: pseudo-dice", "needs pseudoValidationSteps"), ("warmupEpochs: 60", "warm-up epochs"),
        ("averaging: 1", "averaging"), ("gradientNorm: 0", "gradient norm"), ("momentum: 1", "momentum"),
        ("patience: 0", "patience"), ("patience: 5\nepochsPerValidation: 10", "patience must wait for a validation"),
        ("batchDice: true", "deep-supervision"),
        ("rateFactors: {a: -1}", "rate factor of a"),
    ])
    func saysWhatIsWrong(yaml: String, fact: String) {
        let error = #expect(throws: LearningError.self) { try Recipe(yaml: Data(yaml.utf8)) }
        #expect(error?.code == .invalidRecipe || error?.code == .unreadableRecipe)
        #expect(error?.description.contains(fact) == true, "\(error?.description ?? "")")
    }
}
