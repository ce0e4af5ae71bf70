import Anatomy
import CohortAnalysis
import Foundation
import Metrics
import Reports
import Statistics
import Volumes

/// A small report whose every number is known.
struct MadeReport {
    var modelNames = ["spine@3", "spine@2"]
    var caseNames = ["case-001", "case-002", "case-003"]
    var title = "spine@3 on lumbar, test split"
    var factValue = "sha256 4f1c"
    var reasonText = "L5 is missed: 57.0 ml of truth without a voxel predicted."

    /// L4 found with a Dice of 0.8, L5 missed, everything else absent.
    static var metrics: CaseMetrics {
        let classes = LabelSet.spine25.labels.map { label -> ClassMetrics in
            let counts =
                switch label.value {
                case 23:
                    ConfusionCounts(truePositives: 800, falsePositives: 200, falseNegatives: 200, trueNegatives: 8800)
                case 24: ConfusionCounts(truePositives: 0, falsePositives: 0, falseNegatives: 500, trueNegatives: 9500)
                default: ConfusionCounts(truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 10000)
                }
            return ClassMetrics(label: label, counts: counts, voxelVolumeInCubicMillimetres: 2)
        }
        return CaseMetrics(
            classes: classes,
            identification: Identification(
                identificationRate: 0.5, detectionPrecision: 1, detectionRecall: 0.5, labelShift: nil),
            confusion: [
                ConfusionEntry(truth: 0, prediction: 0, voxels: 8600),
                ConfusionEntry(truth: 23, prediction: 23, voxels: 800),
                ConfusionEntry(truth: 23, prediction: 24, voxels: 200),
                ConfusionEntry(truth: 24, prediction: 0, voxels: 400),
            ], accuracy: 0.94, kappa: nil, options: MetricOptions())
    }

    static let described = Description(
        n: 3, mean: 0.8125, standardDeviation: 0.03125, minimum: 0.75, lowerQuartile: 0.78, median: 0.8,
        upperQuartile: 0.84, maximum: 0.875,
        tInterval: Interval(lower: 0.734375, upper: 0.890625), bootstrapInterval: Interval(lower: 0.75, upper: 0.86))

    var models: [EvaluatedModel] {
        modelNames.map { name in
            EvaluatedModel(
                name: name, facts: [.init("snapshot", factValue)],
                cohort: Cohort(cases: caseNames.map { EvaluatedCase(name: $0, metrics: Self.metrics) }),
                summaries: [
                    MetricSummary(metric: .dice, label: 23, description: Self.described),
                    MetricSummary(metric: .dice, label: 24, description: nil),
                    MetricSummary(metric: .dice, label: nil, description: Self.described),
                ],
                badCases: [
                    BadCase(
                        name: caseNames[0], dice: 0.4, worstLabel: 24,
                        reasons: [.init(cause: .missed, label: 24, text: reasonText)])
                ])
        }
    }

    var report: EvaluationReport { EvaluationReport(title: title, models: models, labelSet: .spine25) }

    var comparisons: [ModelComparison] {
        let test = TestResult(
            statistic: 2.5, degreesOfFreedom: 2, p: 0.03125, differenceInterval: Interval(lower: 0.01, upper: 0.05))
        let row = MetricComparison(
            metric: .dice, label: 23, a: Self.described, b: Self.described, pairs: 3, meanDifference: 0.02125,
            student: test, welch: nil, paired: test,
            wilcoxon: TestResult(statistic: 6, degreesOfFreedom: nil, p: 0.25, differenceInterval: nil),
            pairedHolm: 0.0625, wilcoxonHolm: nil,
            effectSize: 1.443)
        return [ModelComparison(a: modelNames[0], b: modelNames[1], rows: [row])]
    }

    /// Two boxes in a volume: L4 found one voxel off, L5 missed, and a false L3.
    static func images(_ reference: CaseReference) -> CaseImages {
        let grid = Geometry(
            size: [40, 40, 60], affine: Affine(spacingInMillimetres: [1, 1, 1], origin: [-500, 250, 731]))
        let ct = Volume<Float>(geometry: grid, voxels: (0..<grid.voxelCount).map { Float($0 % 97) * 10 })
        let truth = labelled(grid, [(24, 10..<20), (23, 30..<40)], shift: 0)
        let prediction = labelled(grid, [(23, 30..<40), (22, 45..<50)], shift: 1)
        return CaseImages(
            caseName: reference.caseName, modelName: reference.modelName, ct: ct, truth: truth, prediction: prediction)
    }

    private static func labelled(_ grid: Geometry, _ boxes: [(UInt8, Range<Int>)], shift: Int) -> Volume<UInt8> {
        var labels = Volume<UInt8>(geometry: grid, repeating: 0)
        for (label, range) in boxes {
            for k in range { for j in 12..<28 { for i in 12 + shift..<28 + shift { labels[i, j, k] = label } } }
        }
        return labels
    }

    /// Writes it to a folder of its own and returns the folder.
    func written() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "columna-report-\(UUID().uuidString)")
        try ReportWriter.write(report, comparisons: comparisons, to: folder, images: { Self.images($0) })
        return folder
    }

    /// The text of a file of it.
    func file(_ name: String) throws -> String {
        let folder = try written()
        defer { try? FileManager.default.removeItem(at: folder) }
        return try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }
}
