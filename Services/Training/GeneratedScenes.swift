import Faults
import Learning
import Phantoms
import Plans
import Statistics
import Studies
import Volumes

/// Anatomical scenes as training asks for them: no more of each than one crop shows, at the plan's own voxels. The same
/// bank, seed and index give the same case on any machine.
struct GeneratedScenes: TrainingCases {
    private let seed: UInt64
    private let plan: Plan
    private let patch: [Int]
    private let bank: ShapeBank
    private let preprocessor: Preprocessor

    /// - Throws: `PlanError.invalidPlan` where the plan's labels are not the scenes'.
    init(plan: Plan, patch: [Int], bank: ShapeBank, seed: UInt64) throws {
        guard plan.labelSet == GeneratedDataSet.labelSetOfScenes else {
            throw PlanError(
                .invalidPlan,
                "the plan's label set is '\(plan.labelSet)', and scenes have the labels of \(GeneratedDataSet.labelSetOfScenes): train with a plan of that, or on another data set"
            )
        }
        (self.plan, self.patch, self.bank, self.seed) = (plan, patch, bank, seed)
        preprocessor = try Preprocessor(plan)
    }

    /// Those to validate on show neck, chest, both and loins.
    private static let validated: [ClosedRange<UInt8>] = [1...9, 7...15, 14...21, 20...25]

    var count: Int { Self.validated.count }

    var areGenerated: Bool { true }

    func load(_ index: Int) throws -> TrainingCase {
        let validates = index < count
        let view = AnatomicalView(
            coverage: validates ? .levels(Self.validated[index]) : .anywhere,
            size: validates ? patch.map { $0 * 3 / 2 } : patch, spacingInMillimetres: plan.spacingInMillimetres,
            orientation: plan.orientation)
        let mixed = SplitMix64.mixed(seed &+ UInt64(bitPattern: Int64(index)) &* SplitMix64.step)
        let scene = try AnatomicalScene.make(
            seed: mixed, view: view, otherBones: plan.unlabelledClass ?? 0, bank: bank)
        let (image, label) = try preprocessor.trainingReady(
            image: scene.ct.map(Float.init), label: scene.labels, cropTo: validates ? .label : .image)
        return TrainingCase(image: image, label: label)
    }
}
