import Faults
import Volumes

/// Keeps the cases used last, up to a number of bytes, and checks each when it comes.
struct CaseCache {
    private let cases: any TrainingCases
    private let limitInBytes: Int
    private let classes: Int
    private var kept: [Int: (value: TrainingCase, lastUse: Int)] = [:]
    private var bytes = 0
    private var uses = 0

    init(_ cases: any TrainingCases, limitInBytes: Int, classes: Int) {
        self.cases = cases
        self.limitInBytes = limitInBytes
        self.classes = classes
    }

    /// - Throws: `LearningError.unusableCases`, what the cases throw.
    mutating func load(_ index: Int) throws -> TrainingCase {
        uses += 1
        if let hit = kept[index] {
            kept[index] = (hit.value, uses)
            return hit.value
        }
        let loaded = try cases.load(index)
        try check(loaded, index)
        bytes += loaded.bytes
        kept[index] = (loaded, uses)
        while bytes > limitInBytes,
            let oldest = kept.filter({ $0.key != index }).min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            bytes -= oldest.value.value.bytes
            kept[oldest.key] = nil
        }
        return loaded
    }

    private func check(_ loaded: TrainingCase, _ index: Int) throws {
        let (image, label) = (loaded.image.geometry, loaded.label.geometry)
        guard image.isSameGrid(as: label, toleranceInMillimetres: 0.1) else {
            throw LearningError(
                .unusableCases, "case \(index): image (\(image)) and labels (\(label)) must lie on one grid")
        }
        if let highest = loaded.label.voxels.max(), Int(highest) >= classes {
            throw LearningError(
                .unusableCases,
                "case \(index): labels reach \(highest), the plan's network has the classes 0 to \(classes - 1)")
        }
    }
}
