import Learning
import Phantoms
import Plans
import Statistics
import Studies
import Volumes

/// Phantoms as training asks for them; the same seed and index give the same case on any machine.
struct GeneratedPhantoms: TrainingCases {
    private let seed: UInt64
    private let configuration: PhantomConfiguration
    private let preprocessor: Preprocessor

    init(_ configuration: PhantomConfiguration, plan: Plan, seed: UInt64) throws {
        self.seed = seed
        self.configuration = configuration
        preprocessor = try Preprocessor(plan)
    }

    var count: Int { GeneratedDataSet.validationCases }

    var areGenerated: Bool { true }

    func load(_ index: Int) throws -> TrainingCase {
        // The first are those to validate on, whose crop a plan may take from their labels.
        let validates = index < count
        let mixed = SplitMix64.mixed(seed &+ UInt64(bitPattern: Int64(index)) &* SplitMix64.step)
        let phantom = try Phantom.make(seed: mixed, configuration: configuration)
        let (image, label) = try preprocessor.trainingReady(
            image: phantom.ct.map(Float.init), label: phantom.labels, cropTo: validates ? .label : .image)
        return TrainingCase(image: image, label: label)
    }
}

extension GeneratedDataSet {
    /// - Throws: `PlanError.invalidPlan`, `PhantomError.shapesMissing`.
    func cases(plan: Plan, recipe: Recipe) throws -> any TrainingCases {
        func phantoms(_ configuration: PhantomConfiguration) throws -> GeneratedPhantoms {
            try GeneratedPhantoms(configuration, plan: plan, seed: recipe.seed)
        }
        func scenes(_ bank: ShapeBank) throws -> GeneratedScenes {
            try GeneratedScenes(plan: plan, patch: recipe.patch ?? plan.patch, bank: bank, seed: recipe.seed)
        }
        return switch self {
        case .lumbarPhantoms: try phantoms(.lumbar)
        case .phantomsAnywhere: try phantoms(.anywhere)
        case .wholeSpinePhantoms: try phantoms(.wholeSpine)
        case .anatomicalScenes: try scenes(.packed)
        case .anatomicalScenesOfBank: try scenes(ShapeBank.outside())
        }
    }
}
