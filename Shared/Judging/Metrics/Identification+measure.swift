import Anatomy
import Surfaces
import Volumes

extension Identification {
    /// What VerSe calls a vertebra found: 20 mm.
    private static let reachInMillimetres = 20.0
    /// A shift must explain this share of the vertebrae that were found at all, and at least two of them.
    private static let shareThatShiftExplains = 0.75

    init(_ census: PairCensus, _ matrix: ConfusionMatrix, _ frame: GridFrame) {
        let labels = matrix.labelSet.labels.map(\.value)
        let inTruth = labels.filter { census.truth[Int($0)].voxels > 0 }
        let inPrediction = labels.filter { census.prediction[Int($0)].voxels > 0 }
        func share(_ count: Int, _ of: [UInt8]) -> Double? { of.isEmpty ? nil : Double(count) / Double(of.count) }

        let identified = inTruth.filter { label in
            guard let predicted = census.prediction[Int(label)].centroid else { return false }
            let distances = inTruth.map { other in
                census.truth[Int(other)].centroid.map { frame.squaredLength($0 - predicted).squareRoot() } ?? .infinity
            }
            let own = zip(inTruth, distances).first { $0.0 == label }?.1 ?? .infinity
            return own <= Self.reachInMillimetres && zip(inTruth, distances).allSatisfy { $0.0 == label || $0.1 > own }
        }
        // Above one half, an overlap can be with one class only: each truth has at most one prediction and the reverse.
        let matches = inTruth.reduce(0) { matches, truth in
            matches
                + inPrediction.filter { prediction in
                    let both = matrix[truth: truth, prediction: prediction]
                    let either = census.truth[Int(truth)].voxels + census.prediction[Int(prediction)].voxels - both
                    return 2 * both > either
                }.count
        }
        self.init(
            identificationRate: share(identified.count, inTruth), detectionPrecision: share(matches, inPrediction),
            detectionRecall: share(matches, inTruth), labelShift: Self.labelShift(inTruth, inPrediction, matrix))
    }

    /// Each vertebra of the truth votes for how far off the class is called that covers most of it; the sacrum, a thing
    /// of its own shape, does not vote, but can be voted for.
    private static func labelShift(_ inTruth: [UInt8], _ inPrediction: [UInt8], _ matrix: ConfusionMatrix) -> Int? {
        let votes = inTruth.filter { matrix.labelSet.name(of: $0) != "sacrum" }.compactMap { truth -> Int? in
            let overlaps = inPrediction.map { (label: $0, voxels: matrix[truth: truth, prediction: $0]) }
            guard let most = overlaps.max(by: { $0.voxels < $1.voxels }), most.voxels > 0 else { return nil }
            return Int(most.label) - Int(truth)
        }
        let counts = Dictionary(votes.map { ($0, 1) }, uniquingKeysWith: +)
        return counts.first { shift, count in
            shift != 0 && count >= 2 && Double(count) >= shareThatShiftExplains * Double(votes.count)
        }?.key
    }
}
