import Anatomy
import JobEngine
import LabelMaps
import Operations
import Registry
import Site
import Studies
import Volumes
import WorkerRuntime

/// Reads a label map that a person corrected into storage, if it is one of the study's and says something new.
struct IngestCorrectionJob: JobHandler {
    let site: Site
    let corrections: PostgresCorrections
    let catalog: any Catalog

    func run(_ job: JobContext, _ parameters: IngestCorrection) async throws -> Completion {
        let (volume, known) = try await study(parameters.study, job)
        let parent = try Self.parent(parameters.parent, of: known)
        let volumeFile = try await job.open(volume)
        let parentFile = try await job.open(parent.artifact)
        let input = try JobFailure.reading("label", isNamed: true) {
            try site.inputRoots(of: job.record.tenant, otherwise: job.configuration.system.inputRoots ?? []).open(
                parameters.labelPath, what: "label")
        }
        defer { withExtendedLifetime(input) {} }

        try job.progress(0.1, "reading the labels")
        let geometry = try JobFailure.blamingInput("volume-unreadable") { try NIfTI.readHeader(volumeFile) }.geometry
        let corrected = try LabelInput(input, numbering: parameters.numbering).read(on: geometry)
        let former = try JobFailure.blamingInput("parent-unreadable") { try NIfTI.readLabels(parentFile) }
        try job.progress(0.6, "comparing them with their parent")
        let change = try Self.change(from: former, to: corrected.labels)
        if let model = parent.model { try await catalog.requireClasses(for: change.values, in: model) }

        try job.progress(0.8, "storing the labels")
        let labels = try await job.store(.correctedLabels) { file in
            try NIfTI.write(corrected.labels, note: corrected.note, to: file)
        }
        if let same = known.first(where: { $0.artifact.address == labels.address }) {
            throw JobFailure(
                class: .data, code: "correction-known",
                reason: "job \(same.job) has brought the very same labels for this study: expected others")
        }
        let accepted = AcceptedCorrection(
            volume: volume.address, labels: labels.address, parent: parent.artifact.address, parentModel: parent.model,
            voxels: change.voxels, changedVoxels: change.changed, changedClasses: change.classes)
        return Completion(
            outputs: [labels], additionalInputs: [volume, parent.artifact], facts: [try .correctionAccepted(accepted)],
            children: try consideration(of: parent.model, job),
            summary: (["\(change.changed) voxels of \(change.classes.count) classes corrected"] + corrected.remarks)
                .joined(separator: "; "))
    }

    /// Whether there are enough now is for a job of its own to say, which cannot be lost: it is made with this one's end.
    /// It is no part of the study, which ends here.
    private func consideration(of model: ModelReference?, _ job: JobContext) throws -> [JobRequest] {
        guard let model else { return [] }
        return [
            try JobRequest(
                LearnFromCorrections(model: model.name, step: .consider), tenant: job.record.tenant,
                deduplicationKey: "\(job.record.id)/consider", parents: [job.record.id])
        ]
    }

    /// - Throws: `JobFailure` of class `data`, in the same words for a study that is another tenant's.
    private func study(_ id: StudyID, _ job: JobContext) async throws -> (ArtifactReference, [CorrectableLabels]) {
        let found = try await corrections.correctable(id, tenant: job.record.tenant)
        guard let volume = found.volume else {
            throw JobFailure(
                class: .data, code: "study-unknown",
                reason:
                    "tenant \(job.record.tenant) has no study \(id) that has been read: name the study whose labels these are, once its result is there"
            )
        }
        return (volume, found.labels)
    }

    /// - Throws: `JobFailure` of class `data` where the study has none such.
    static func parent(_ named: String?, of known: [CorrectableLabels]) throws -> CorrectableLabels {
        if let named {
            let (address, job) = (ContentAddress(rawValue: named), JobID(named))
            if let parent = known.first(where: { $0.artifact.address == address || $0.job == job }) { return parent }
            throw JobFailure(
                class: .data, code: "parent-unknown",
                reason:
                    "the parent is no label map of this study, expected one of \(known.isEmpty ? "none: it has no label map" : known.map(\.artifact.address.rawValue).joined(separator: ", "))"
            )
        }
        if let parent = known.first(where: { $0.origin == .segmentation })
            ?? known.first(where: { $0.origin == .truth })
        {
            return parent
        }
        throw JobFailure(
            class: .data, code: "nothing-to-correct",
            reason:
                "the study has no label map yet that could be corrected: send the correction once its result is there")
    }

    /// - Parameters:
    ///   - former: on the same grid.
    /// - Returns: how many voxels are labelled and how many changed, the labels that lost or gained some, and those that
    ///   there are now; neither with background.
    /// - Throws: `JobFailure` of class `data` where nothing is labelled, or nothing is changed.
    static func change(from former: Volume<UInt8>, to labels: Volume<UInt8>) throws -> (
        voxels: Int, changed: Int, classes: [Int], values: [Int]
    ) {
        guard former.voxels.count == labels.voxels.count else {
            throw JobFailure(
                class: .data, code: "label-grid-mismatch",
                reason:
                    "labels are not on the grid of the label map they correct: that \(former.geometry), these \(labels.geometry)"
            )
        }
        var (voxels, changed) = (0, 0)
        var touched = [Bool](repeating: false, count: 256)
        var present = touched
        for (before, after) in zip(former.voxels, labels.voxels) {
            if after != 0 { voxels += 1 }
            present[Int(after)] = true
            guard before != after else { continue }
            changed += 1
            touched[Int(before)] = true
            touched[Int(after)] = true
        }
        guard voxels > 0 else {
            throw JobFailure(
                class: .data, code: "labels-empty", reason: "the label map labels no voxel, expected a corrected spine")
        }
        guard changed > 0 else {
            throw JobFailure(
                class: .data, code: "labels-unchanged",
                reason: "the label map is the one it is said to correct, voxel for voxel: expected a difference")
        }
        func values(_ seen: [Bool]) -> [Int] { seen.indices.filter { $0 > 0 && seen[$0] } }
        return (voxels, changed, values(touched), values(present))
    }
}
