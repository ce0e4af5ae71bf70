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

    init(_ dataSet: GeneratedDataSet, plan: Plan, seed: UInt64) throws {
        self.seed = seed
        configuration =
            switch dataSet {
            case .lumbarPhantoms: .lumbar
            case .phantomsAnywhere: .anywhere
            case .wholeSpinePhantoms: .wholeSpine
            }
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
