import DICOM
import Foundation
import JobEngine
import Volumes
import WorkerRuntime

/// Reads a study from disk into storage: the CT in HU on its own grid, a ground truth if one came with it, and non-identifying tags.
struct IngestStudyJob: JobHandler {
    let kind = JobKind.ingestStudy

    func run(_ job: JobContext) async throws -> Completion {
        let parameters = try job.parameters(IngestParameters.self)
        let roots = InputRoots(job.configuration.inputRoots)
        let source = try roots.resolve(parameters.path, what: "study")
        let labelSource = try parameters.labelPath.map { try roots.resolve($0, what: "label") }
        var order = parameters.order
        let weights = try await resolveModel(&order, job)

        try job.progress(0.05, "reading the study")
        let study = try reading("study") { try StudyReader.read(source, series: parameters.series) }
        try job.progress(0.5, "storing the volume")
        let volume = try await store(study.image, isInt16Exact: study.isInt16Exact, job)
        var outputs = [volume]
        if let labelSource { outputs.append(try await storeTruth(labelSource, on: study.image.geometry, job)) }
        let description = try CanonicalJSON.string(study.description)
        outputs.append(try await job.store(Data(description.utf8), role: Role.description, mediaType: "application/json"))

        let child = try Pipeline.child(of: job.record, order: order, artifacts: outputs + weights)
        let facts = job.record.study.map { [Fact.volumeDescribed(study: $0, json: description)] } ?? []
        return Completion(
            outputs: outputs, facts: facts, children: child.map { [$0] } ?? [], summary: study.description.sentence)
    }

    /// Pins `NAME` or nothing to `NAME@VERSION`, so that the whole pipeline uses one version; its weights travel with the order.
    private func resolveModel(_ order: inout StudyOrder, _ job: JobContext) async throws -> [ArtifactReference] {
        guard order.pipeline == .segment else { return [] }
        let reference = try ModelReference(order.model ?? ModelReference.defaultName)
        guard let version = try await job.catalog.modelVersion(name: reference.name, version: reference.version) else {
            throw JobFailure(
                class: .data, code: "model-not-found",
                reason: "model \(reference) does not exist: choose one of `columna models list`, or train one with `columna train`")
        }
        order.model = version.reference
        var weights = version.weights
        weights.role = Role.weights
        return [weights]
    }

    private func reading<Result>(_ what: String, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch { throw JobFailure(reading: what, error) }
    }

    private func store(_ image: Volume<Float>, isInt16Exact: Bool, _ job: JobContext) async throws -> ArtifactReference {
        let file = try job.temporaryFile(named: "volume.nii")
        if isInt16Exact {
            try job.writingOutput { try NIfTI.write(image.map { Int16($0) }, to: file) }
        } else {
            try job.writingOutput { try NIfTI.write(image, to: file) }
        }
        return try await job.store(file, role: Role.volume, mediaType: MediaType.nifti)
    }

    private func storeTruth(_ source: URL, on geometry: Geometry, _ job: JobContext) async throws -> ArtifactReference {
        let labels = try reading("label") { try NIfTI.readLabels(source) }
        // A tenth of a millimetre: less than a voxel of any CT, more than single-precision headers of the same grid differ by.
        guard let truth = labels.laid(on: geometry, toleranceInMillimetres: 0.1) else {
            throw JobFailure(
                class: .data, code: "label-grid-mismatch",
                reason: "labels are not on the CT's grid: CT \(geometry), labels \(labels.geometry); resample the labels onto the CT first")
        }
        let allowed = LabelCheck.spine25
        if let stranger = labels.voxels.first(where: { !allowed.contains($0) }) {
            throw JobFailure(
                class: .data, code: "label-unknown",
                reason: "labels contain the value \(stranger), expected 0 to 25 of label set spine-25: renumber them first")
        }
        let file = try job.temporaryFile(named: "truth.nii")
        // On exactly the CT's geometry, so that a rounding in the label's header does not travel on.
        try job.writingOutput { try NIfTI.write(truth, to: file) }
        return try await job.store(file, role: Role.truth, mediaType: MediaType.nifti)
    }
}
