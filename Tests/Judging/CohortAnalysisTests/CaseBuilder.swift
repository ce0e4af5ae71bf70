import Anatomy
import CohortAnalysis
import Metrics

/// A case made of its confusion entries and what a test sets besides.
struct CaseBuilder {
    var confusion: [ConfusionEntry] = []
    var labelShift: Int?
    var atBorder: Set<UInt8> = []
    /// Largest distance from a predicted voxel to the truth, in mm.
    var reach: [UInt8: Double] = [:]
    var labelSet = LabelSet.spine25

    init(_ voxels: [(truth: UInt8, prediction: UInt8, voxels: Int)]) {
        confusion = voxels.map { ConfusionEntry(truth: $0.truth, prediction: $0.prediction, voxels: $0.voxels) }
    }

    /// Voxels are 10 mm³ each.
    func metrics() -> CaseMetrics {
        let all = confusion.reduce(0) { $0 + $1.voxels }
        let classes = labelSet.labels.map { label in
            func count(_ isCounted: (ConfusionEntry) -> Bool) -> Int {
                confusion.filter(isCounted).reduce(0) { $0 + $1.voxels }
            }
            let both = count { $0.truth == label.value && $0.prediction == label.value }
            let (inTruth, inPrediction) = (count { $0.truth == label.value }, count { $0.prediction == label.value })
            let counts = ConfusionCounts(
                truePositives: both, falsePositives: inPrediction - both, falseNegatives: inTruth - both,
                trueNegatives: all - inTruth - inPrediction + both)
            var metrics = ClassMetrics(label: label, counts: counts, voxelVolumeInCubicMillimetres: 10)
            metrics.touchesBorder = atBorder.contains(label.value)
            if inTruth > 0, inPrediction > 0 {
                let near = DirectedDistances(maximum: 3, percentile95: 2, mean: 1, rootMeanSquare: 1.5, points: 100)
                var far = near
                far.maximum = reach[label.value] ?? 3
                metrics.voxelSurface = SurfaceDistances(truthToPredicted: near, predictedToTruth: far)
            }
            return metrics
        }
        return CaseMetrics(
            classes: classes,
            identification: Identification(
                identificationRate: nil, detectionPrecision: nil, detectionRecall: nil, labelShift: labelShift),
            confusion: confusion, accuracy: 1, kappa: nil, options: MetricOptions())
    }

    func named(_ name: String) -> EvaluatedCase { EvaluatedCase(name: name, metrics: metrics()) }
}

extension EvaluatedCase {
    /// Classes with a Dice that is found / 100: of 100 voxels in truth so many have the right name, the others go to
    /// background, and as many background voxels are taken for it. Nil: a class of the truth that was missed.
    static func of(_ name: String, found: [UInt8: Int?]) -> EvaluatedCase {
        CaseBuilder(
            [(0, 0, 10_000)]
                + found.sorted { $0.key < $1.key }.flatMap {
                    label, found -> [(truth: UInt8, prediction: UInt8, voxels: Int)] in
                    guard let found else { return [(label, 0, 100)] }
                    return [(label, label, found), (label, 0, 100 - found), (0, label, 100 - found)].filter { $0.2 > 0 }
                }
        ).named(name)
    }
}
