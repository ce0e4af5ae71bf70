import Anatomy
import Foundation
import JobEngine
import Metrics
import Volumes
import WorkerRuntime

/// Compares a label map with its ground truth and leaves one row per class for analysts.
struct EvaluateSegmentationJob: JobHandler {
    let kind = JobKind.evaluateSegmentation

    func run(_ job: JobContext) async throws -> Completion {
        let order = try job.parameters(StageParameters.self).order
        let truthFile = try await job.input(Role.truth)
        let labelsFile = try await job.input(Role.labelMap)
        try job.progress(0.1, "reading truth and prediction")
        let truth = try job.blamingInput("truth-unreadable") { try NIfTI.readLabels(truthFile) }
        let prediction = try job.blamingInput("prediction-unreadable") { try NIfTI.readLabels(labelsFile) }
        try job.progress(0.5, "counting")
        let metrics = try job.blamingInput("not-comparable") {
            try ClassMetrics.all(truth: truth, prediction: prediction, labelSet: .spine25)
        }
        let caseName = order.caseName ?? job.record.study.map { $0.uuidString.lowercased() } ?? job.record.id.description
        let facts = metrics.map { Fact.classMeasured(ClassMeasurement($0, caseName: caseName, study: job.record.study, model: order.model)) }
        let dice = metrics.compactMap { $0.inTruth ? $0.dice : nil }
        let mean = dice.isEmpty ? "undefined" : String(format: "%.4f", dice.reduce(0, +) / Double(dice.count))
        return Completion(facts: facts, summary: "mean Dice over \(dice.count) classes in truth: \(mean)")
    }
}

extension ClassMeasurement {
    init(_ metrics: ClassMetrics, caseName: String, study: UUID?, model: String?) {
        self.init(
            caseName: caseName, study: study, modelVersion: model, classValue: Int(metrics.label), className: metrics.name,
            inTruth: metrics.inTruth, inPrediction: metrics.inPrediction, truePositives: metrics.truePositives,
            falsePositives: metrics.falsePositives, falseNegatives: metrics.falseNegatives,
            trueNegatives: metrics.trueNegatives, dice: metrics.dice, iou: metrics.iou, sensitivity: metrics.sensitivity,
            specificity: metrics.specificity, precision: metrics.precision, accuracy: metrics.accuracy,
            truthVolumeInMillilitres: metrics.truthVolumeInMillilitres, predictedVolumeInMillilitres: metrics.predictedVolumeInMillilitres)
    }
}
