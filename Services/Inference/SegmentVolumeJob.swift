import Anatomy
import Documents
import Foundation
import JobEngine
import Logging
import Plans
import Plausibility
import Reports
import Segmentation
import Studies
import TensorCore
import Volumes
import WorkerRuntime

/// Segments a network-ready volume with the pinned model version and writes the label map on the CT's own grid, with a
/// picture.
struct SegmentVolumeJob: JobHandler {
    func run(_ job: JobContext, _ parameters: SegmentVolume) async throws -> Completion {
        let order = parameters.order
        let weightsFile = try await job.input(.weights)
        let imageFile = try await job.input(.networkImage)
        let volumeFile = try await job.input(.volume)

        try job.progress(0.02, "reading the model and the volume")
        let model = try JobFailure.blamingInput("model-unreadable") {
            try JobFailure.leavingToNewer("plan-unreadable", PlanErrorCode.unreadablePlan) {
                try ModelFile.read(weightsFile)
            }
        }
        let image = try JobFailure.blamingInput("volume-unreadable") { try NIfTI.readImage(imageFile) }
        let volume = try JobFailure.blamingInput("volume-unreadable") { try NIfTI.readImage(volumeFile) }
        let segmented = try segment(
            image, original: volume.geometry, with: model, order, job)

        try job.progress(0.93, "judging the label map")
        let judged = JudgedSegmentation(
            segmented, labelSet: LabelSet.named(model.plan.labelSet), names: order.names ?? .network,
            repairs: order.repairs ?? false)

        try job.progress(0.95, "storing the label map")
        var outputs = [
            try await job.store(.labelMap) { try NIfTI.write(judged.labels, to: $0) },
            try await storePicture(volume, judged.labels, job),
        ]
        if judged.isChanged {
            outputs.append(try await job.store(.unrepairedLabelMap) { try NIfTI.write(segmented.labels, to: $0) })
        }
        let children = try Pipeline.children(of: job.record, order: order, artifacts: job.claimed.inputs + outputs)
        let judgement = judged.judgement(study: job.record.study, model: order.model)
        return Completion(
            outputs: outputs, additionalInputs: try members(weightsFile),
            facts: try judgement.map { [try .segmentationJudged($0)] } ?? [], children: children,
            summary:
                "\(judged.classCount) classes found in \(windows(segmented)) with \(order.model?.rawValue ?? "an unnamed model")\(remark(judgement))"
        )
    }

    /// The weights of the versions that an ensemble is made of, for the lineage.
    private func members(_ weightsFile: URL) throws -> [ArtifactReference] {
        let metadata = try ModelFile.metadata(Data(contentsOf: weightsFile, options: .alwaysMapped))
        guard let json = metadata[ModelEnsemble.metadataKey] else { return [] }
        return try JobFailure.blamingInput("model-unreadable") {
            try CanonicalJSON.decode(ModelEnsemble.self, from: json).members.map(\.weights)
        }
    }

    /// What was mended, and why somebody should look.
    private func remark(_ judgement: SegmentationJudgement?) -> String {
        let repairs = judgement?.repairs?.count ?? 0
        let mended = repairs == 0 ? "" : ", \(repairs) \(repairs == 1 ? "repair" : "repairs")"
        guard let reasons = judgement?.reasons, !reasons.isEmpty else { return mended }
        let more = reasons.count > 3 ? ["\(reasons.count - 3) more"] : []
        return "\(mended); needs review: \((reasons.prefix(3) + more).joined(separator: "; "))"
    }

    private func windows(_ result: SegmentedVolume) -> String {
        guard result.skippedWindows > 0 else { return "\(result.windows) windows" }
        return "\(result.windows) windows (\(result.skippedWindows) skipped as air)"
    }

    private func segment(
        _ image: Volume<Float>, original: Geometry, with model: Model, _ order: StudyOrder, _ job: JobContext
    ) throws -> SegmentedVolume {
        let segmenter = try Segmenter(
            model, skipsAir: order.skipsAir ?? false,
            gathersVotes: order.names == .anatomy && LabelSet.named(model.plan.labelSet) != nil,
            memoryLimitInBytes: job.configuration.memoryLimitInBytes,
            arithmetic: job.configuration.computesExactly ? .exact : .fast)
        let estimate = segmenter.memoryEstimate(network: image.geometry, original: original)
        job.log.info("segmenting", metadata: ["estimatedMebibytes": "\(estimate.bytes >> 20)"])
        return try segmenter.segment(networkReady: image, original: original) {
            try job.progress(0.05 + 0.85 * $0.fraction, "\($0)")
        }
    }

    private func storePicture(_ volume: Volume<Float>, _ labels: Volume<UInt8>, _ job: JobContext) async throws
        -> ArtifactReference
    {
        var truth: Volume<UInt8>?
        if job.reference(.truth) != nil { truth = try NIfTI.readLabels(try await job.input(.truth)) }
        let png = try SpinePicture(labelTitle: "prediction").png(ct: volume, labels: labels, truth: truth)
        return try await job.store(.picture, png)
    }
}
