import Anatomy
import DICOMSeries
import Documents
import Foundation
import LabelMaps
import JobEngine
import Site
import Studies
import Volumes
import WorkerRuntime

/// Reads a study into storage: the CT in HU on its own grid, a ground truth if one came with it, non-identifying tags,
/// and what a segmentation must say of its source if the result is to go back to an archive.
struct IngestStudyJob: JobHandler {
    let site: Site
    let models: TenantModel
    let border: Border

    func run(_ job: JobContext, _ parameters: IngestStudy) async throws -> Completion {
        if let path = parameters.path {
            let input = try open(path, what: "study", job)
            defer { withExtendedLifetime(input) {} }
            switch input.content {
            case .file(let file): return try await ingest(.path(file), parameters, nil, job)
            case .folder(let files): return try await ingest(.files(files), parameters, nil, job)
            }
        }
        let manifest = try await StoredManifest.read(job)
        return try await StoredManifest.withFiles(of: manifest, job) { folder in
            try await ingest(.path(folder), parameters, manifest, job)
        }
    }

    private func open(_ path: String, what: String, _ job: JobContext) throws -> HeldInput {
        try JobFailure.reading(what, isNamed: true) {
            try site.inputRoots(of: job.record.tenant, otherwise: job.configuration.system.inputRoots ?? []).open(
                path, what: what)
        }
    }

    /// - Parameter manifest: of what has passed the border and lies in storage; nil for what lies in a hospital's
    ///   folder.
    private func ingest(
        _ source: ReadStudy.Source, _ parameters: IngestStudy, _ manifest: InstanceManifest?, _ job: JobContext
    ) async throws -> Completion {
        let policy = site.policy(of: job.record.tenant)
        let label = try parameters.labelPath.map { try open($0, what: "label", job) }
        defer { withExtendedLifetime(label) {} }
        var order = parameters.order
        let weights = try await models.pin(&order, of: job.record.tenant)

        try job.progress(0.05, "reading the study")
        let choosing: ReadStudy.Choice = manifest == nil ? .named(parameters.series) : .largest
        // Stored instances carry their pseudonyms already.
        let names = manifest == nil ? border.names(of: job.record.tenant) : IdentifierNames()
        var study = try JobFailure.reading("study", isNamed: manifest == nil) {
            try ReadStudy.read(source, choosing, names: names, policy: policy.series)
        }
        study.description.identityRisks = manifest?.risks
        try job.progress(0.5, "storing the volume")
        let volume = try await store(study.image, job)
        var outputs = [volume]
        var facts: [Fact] = []
        if let label {
            let truth = try LabelInput(label, numbering: parameters.numbering, sacrum: parameters.sacrum).read(
                on: study.geometry)
            outputs.append(try await job.store(.truth) { try NIfTI.write(truth.labels, note: truth.note, to: $0) })
            study.description.decisions += truth.remarks.map { "label: \($0)" }
            if order.pipeline == .import, let study = job.record.study {
                facts.append(try .labelChecked(CheckedLabels(truth).check(of: study)))
            }
        }
        if order.pipeline == .segment, !policy.destinations.isEmpty, let series = study.series {
            let source = try await SourceDescription(border: border, job: job).store(
                series, isFromStorage: manifest != nil)
            outputs.append(source.artifact)
            if !source.risks.isEmpty { study.description.identityRisks = source.risks }
            order.destinations = policy.destinations
        }
        let description = try CanonicalJSON.string(study.description)
        outputs.append(try await job.store(.description, Data(description.utf8)))

        let children = try Pipeline.children(of: job.record, order: order, artifacts: outputs + weights)
        facts += try job.record.study.map { [try Fact.volumeDescribed(study: $0, json: description)] } ?? []
        return Completion(outputs: outputs, facts: facts, children: children, summary: study.description.sentence)
    }

    private func store(_ image: ReadStudy.Image, _ job: JobContext) async throws -> ArtifactReference {
        try await job.store(.volume) { file in
            switch image {
            case .int16(let volume): try NIfTI.write(volume, to: file)
            case .float(let volume): try NIfTI.write(volume, to: file)
            }
        }
    }
}
