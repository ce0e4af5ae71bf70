import Anatomy
import Documents
import Foundation
import JobEngine
import Metrics
import Studies
import Volumes
import WorkerRuntime

/// Compares a label map with its ground truth, as it went out and, where names from anatomy or a repair changed it, as
/// the network left it too.
struct EvaluateSegmentationJob: JobHandler {
    func run(_ job: JobContext, _ parameters: EvaluateSegmentation) async throws -> Completion {
        let options = try JobFailure.blamingInput("options-invalid") {
            try parameters.optionsJSON.map { try CanonicalJSON.decode(MetricOptions.self, from: $0) } ?? MetricOptions()
        }
        let truthFile = try await job.input(.truth)
        let labelsFile = try await job.input(.labelMap)
        let unrepairedFile = try await job.optionalInput(.unrepairedLabelMap)
        try job.progress(0.05, "reading the truth")
        let (header, truth) = try JobFailure.blamingInput("truth-unreadable") {
            try NIfTI.readLabelsAndHeader(truthFile)
        }

        try job.progress(0.1, "measuring")
        let delivered = try measure(labelsFile, truth, options, job)
        var facts = [try Fact.caseMeasured(measured(delivered, .delivered, parameters.order, job))]
        if let unrepairedFile {
            try job.progress(0.6, "measuring what the network left")
            let unrepaired = try measure(unrepairedFile, truth, options, job)
            facts.append(try .caseMeasured(measured(unrepaired, .unrepaired, parameters.order, job)))
        }
        let dice = delivered.classes.compactMap { $0.inTruth ? $0.dice : nil }
        let mean = dice.isEmpty ? "undefined" : String(format: "%.4f", dice.reduce(0, +) / Double(dice.count))
        return Completion(
            facts: facts,
            summary:
                "mean Dice over \(dice.count) classes in truth: \(mean)\(header.note.map { "; the truth has as background what was \($0)" } ?? "")"
        )
    }

    private func measure(_ file: URL, _ truth: Volume<UInt8>, _ options: MetricOptions, _ job: JobContext) throws
        -> CaseMetrics
    {
        let prediction = try JobFailure.blamingInput("prediction-unreadable") { try NIfTI.readLabels(file) }
        try job.checkCancellation()
        return try JobFailure.blamingInput("not-comparable") {
            try CaseMetrics.measure(truth: truth, prediction: prediction, labelSet: .spine25, options: options)
        }
    }

    private func measured(
        _ metrics: CaseMetrics, _ variant: MeasuredCase.Variant, _ order: StudyOrder, _ job: JobContext
    ) -> MeasuredCase {
        let name = order.caseName ?? job.record.study?.description ?? job.record.id.description
        return MeasuredCase(
            caseName: name, variant: variant, study: job.record.study, modelVersion: order.model, metrics: metrics)
    }
}
