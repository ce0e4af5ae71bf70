import Foundation
import JobEngine
import Plans
import Studies
import Volumes
import WorkerRuntime

/// Makes a volume network-ready by the model's plan (or, for a data set, by the import's plan): its orientation,
/// spacing and intensities.
struct PreprocessVolumeJob: JobHandler {
    func run(_ job: JobContext, _ parameters: PreprocessVolume) async throws -> Completion {
        let order = parameters.order
        let volumeFile = try await job.input(.volume)
        let plan = try await plan(for: order, job)
        let preprocessor = try JobFailure.blamingInput("plan-invalid") { try Preprocessor(plan) }

        try job.progress(0.1, "reading the volume")
        let volume = try JobFailure.blamingInput("volume-unreadable") { try NIfTI.readImage(volumeFile) }
        try job.progress(0.3, "resampling to \(plan.spacingInMillimetres) mm")
        let image: Volume<Float>
        var label: Volume<UInt8>?
        if order.pipeline == .import {
            (image, label) = try await trainingReady(volume, order, preprocessor, job)
        } else {
            image = try JobFailure.blamingInput("volume-unusable") { try preprocessor.networkReady(image: volume) }
        }
        try job.checkCancellation()
        var outputs = [try await job.store(.networkImage) { try NIfTI.write(image, to: $0) }]
        if let label { outputs.append(try await job.store(.networkLabel) { try NIfTI.write(label, to: $0) }) }
        let children = try Pipeline.children(of: job.record, order: order, artifacts: job.claimed.inputs + outputs)
        return Completion(
            outputs: outputs, facts: try caseFact(order, plan, outputs, job), children: children,
            summary:
                "\(volume.geometry.size) → \(image.geometry.size) voxels of \(plan.spacingInMillimetres) mm, \(plan.interpolation.rawValue) by the rules of "
                + plan.resampling.rawValue)
    }

    private func plan(for order: StudyOrder, _ job: JobContext) async throws -> Plan {
        if job.reference(.weights) != nil {
            let file = try await job.input(.weights)
            return try JobFailure.blamingInput("model-unreadable") { try leavingToNewer { try ModelFile.plan(file) } }
        }
        guard let json = order.planJSON else { return Plan() }
        return try JobFailure.blamingInput("plan-invalid") { try leavingToNewer { try Plan(json: Data(json.utf8)) } }
    }

    private func leavingToNewer(_ plan: () throws -> Plan) throws -> Plan {
        try JobFailure.leavingToNewer("plan-unreadable", PlanErrorCode.unreadablePlan, plan)
    }

    /// A case of a data set.
    private func trainingReady(
        _ volume: Volume<Float>, _ order: StudyOrder, _ preprocessor: Preprocessor, _ job: JobContext
    ) async throws -> (Volume<Float>, Volume<UInt8>) {
        let truthFile = try await job.input(.truth)
        let truth = try JobFailure.blamingInput("label-unusable") { try NIfTI.readLabels(truthFile) }
        let source = cropSource(order)
        return try JobFailure.blamingInput("case-unusable") {
            try preprocessor.trainingReady(image: volume, label: truth, cropTo: source)
        }
    }

    /// MONAI crops cases that models are validated on to their labels.
    private func cropSource(_ order: StudyOrder) -> TrainingCrop.Source {
        order.cropsToLabel ?? (order.split == DataSetCase.validationSplit) ? .label : .image
    }

    private func caseFact(_ order: StudyOrder, _ plan: Plan, _ outputs: [ArtifactReference], _ job: JobContext) throws
        -> [Fact]
    {
        guard order.pipeline == .import, let dataSet = order.dataSet else { return [] }
        guard let image = outputs.first(of: .networkImage), let label = outputs.first(of: .networkLabel) else {
            return []
        }
        let name = order.caseName ?? job.record.study?.description ?? job.record.id.description
        return [
            try .caseAdded(
                DataSetCase(
                    dataSet: dataSet, name: name, tenant: job.record.tenant, image: image, label: label,
                    planDigest: try plan.preprocessingSignature(cropTo: cropSource(order)), split: order.split))
        ]
    }
}
