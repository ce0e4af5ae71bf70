import Faults
import Foundation
import Volumes

/// A case with what sampling wants to know of it.
struct LoadedCase: Sendable {
    let image: Volume<Float>
    let label: Volume<UInt8>
    let places: ClassPlaces

    init(_ loaded: TrainingCase) {
        (image, label) = (loaded.image, loaded.label)
        places = ClassPlaces(loaded.label)
    }

    var bytes: Int { image.voxels.count * 4 + label.voxels.count + places.bytes }
}

/// Keeps the cases used last, up to a number of bytes, and checks each when it comes. Several threads ask at once.
final class CaseCache: @unchecked Sendable {
    private let cases: any TrainingCases
    private let limitInBytes: Int
    private let classes: Int
    /// Guards all below; also wakes who waits for a case that another thread loads.
    private let condition = NSCondition()
    private var kept: [Int: (value: LoadedCase, lastUse: Int)] = [:]
    private var underWay = Set<Int>()
    private var bytes = 0
    private var uses = 0

    init(_ cases: any TrainingCases, limitInBytes: Int, classes: Int) {
        self.cases = cases
        self.limitInBytes = limitInBytes
        self.classes = classes
    }

    /// - Throws: `LearningError.unusableCases`, what the cases throw.
    func load(_ index: Int) throws -> LoadedCase {
        if let hit = waitFor(index) { return hit }
        let result = Result { try loadAndCheck(index) }
        condition.withLock {
            underWay.remove(index)
            if case .success(let loaded) = result { keep(loaded, index) }
            condition.broadcast()
        }
        return try result.get()
    }

    /// A case that is made once and used once.
    func loadOnce(_ index: Int) throws -> LoadedCase { try loadAndCheck(index) }

    /// Nil: the caller loads it.
    private func waitFor(_ index: Int) -> LoadedCase? {
        condition.withLock {
            while true {
                if let hit = kept[index] {
                    uses += 1
                    kept[index] = (hit.value, uses)
                    return hit.value
                }
                if underWay.insert(index).inserted { return nil }
                condition.wait()
            }
        }
    }

    private func keep(_ loaded: LoadedCase, _ index: Int) {
        uses += 1
        bytes += loaded.bytes
        kept[index] = (loaded, uses)
        while bytes > limitInBytes,
            let oldest = kept.filter({ $0.key != index }).min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            bytes -= oldest.value.value.bytes
            kept[oldest.key] = nil
        }
    }

    private func loadAndCheck(_ index: Int) throws -> LoadedCase {
        let loaded = try cases.load(index)
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
        return LoadedCase(loaded)
    }
}
