import JobEngine
import Learning
import Networks
import Phantoms
import Plans

/// The demo's model: small enough to learn phantoms in two minutes on two cores, made by the same code as a large one.
enum DemoRecipe {
    static let model = "demo"
    static let dataSet = "demo-phantoms"
    static let tenant: Tenant = "demo"
    /// Seeds of the training phantoms, the last of which is kept for validation; the held-out study has another.
    static let trainingSeeds: ClosedRange<UInt64> = 1...13
    static let heldOutSeed: UInt64 = 1001
    /// Seeds of the phantoms that the model is measured on.
    static let testSeeds: ClosedRange<UInt64> = 2001...2003
    static let testSplit = "test"

    static let phantoms = PhantomConfiguration.lumbar
    static let heldOutPhantom = PhantomConfiguration.lumbarSeries

    static var plan: Plan {
        var plan = Plan()
        // As tall as the phantoms: a vertebra's level shows in its place between ribs and sacrum, which a cube of this
        // volume would not see.
        plan.patch = [32, 40, 160]
        plan.network = .segResNet(SegResNet.Configuration(initialFilters: 8, dropout: 0))
        plan.slidingWindow.overlap = 0.25
        return plan
    }

    /// 600 steps. Rates of 1e-2 and more stay at "all is background" for most of them; 6e-3 does not.
    static var recipe: Recipe {
        var recipe = Recipe()
        recipe.epochs = 10
        recipe.stepsPerEpoch = 60
        recipe.learningRate = 6e-3
        recipe.schedule = .polynomial
        recipe.foregroundFraction = 0.9
        recipe.epochsPerValidation = recipe.epochs
        recipe.validationFraction = 1.0 / 13
        return recipe
    }
}
