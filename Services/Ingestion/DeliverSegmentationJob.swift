import Anatomy
import DICOMSeries
import Foundation
import JobEngine
import Logging
import DICOMSegmentations
import Site
import Studies
import Volumes
import WorkerRuntime

/// Sends a label map to an archive as a DICOM segmentation, once: the ledger knows what was begun, and of that the
/// archive is asked. What no promoted model version segmented is held, and what needs review is held, marked or sent as
/// it is, as the tenant's policy says.
struct DeliverSegmentationJob: JobHandler {
    let archives: Archives
    let border: Border
    let catalog: any Catalog
    let ledger: any DeliveryLedger
    let keys: ArrivalKeys

    func dependency(of job: JobRecord, _ parameters: DeliverSegmentation) -> String? {
        Archives.dependency(parameters.destination)
    }

    func run(_ job: JobContext, _ parameters: DeliverSegmentation) async throws -> Completion {
        let archive = try archives.archive(parameters.destination)
        guard let judgement = try await parentsJudgement(job) else {
            throw JobFailure(
                class: .data, code: "segmentation-not-judged",
                reason:
                    "nothing is known of the label map's anatomy, so it cannot be sent as vertebrae: deliver results of models whose labels are \(LabelSet.spine25.name)"
            )
        }
        if let held = try await hold(parameters, judgement, job) {
            job.log.warning(
                "result held", metadata: ["destination": "\(held.destination)", "cause": "\(held.cause.rawValue)"])
            return Completion(
                facts: [try .deliveryHeld(held)],
                summary:
                    "held, not sent to \(held.destination): \(held.reasons.joined(separator: "; ")); see `columna deliveries list`",
                askedDependency: false)
        }
        let review = archives.site.policy(of: job.record.tenant).onReview == .deliver ? nil : ReviewMark(judgement)
        try job.progress(0.1, "making the segmentation object")
        let file = try job.temporaryFile(named: "segmentation.dcm")
        defer { try? FileManager.default.removeItem(at: file) }
        let written = try await write(parameters, review, to: file, job)
        for remark in written.remarks {
            job.log.warning("segmentation says less than its images", metadata: ["remark": "\(remark)"])
        }
        // What is stored is what storage may have; what is sent may say who the patient is.
        let (sent, emptied): (URL, Int)
        do {
            (sent, emptied) = try await border.readmit(
                file, tenant: job.record.tenant, purpose: "deliver-segmentation \(job.record.id)",
                temporary: { try job.temporaryFile(named: "sent.dcm") })
        } catch {
            throw JobFailure(reading: "segmentation", error)
        }
        defer { if sent != file { try? FileManager.default.removeItem(at: sent) } }
        if emptied > 0 {
            job.log.warning(
                "texts of no known character set were left out of what is sent: the patient's need Unicode",
                metadata: ["texts": "\(emptied)"])
        }
        let identifiers = try JobFailure.reading("segmentation") { try InstanceIdentifiers.read(sent) }
        let place = InstanceReference(
            study: identifiers.studyInstanceUID, series: identifiers.seriesInstanceUID,
            instance: identifiers.sopInstanceUID)
        let artifact = try await job.store(.segmentationObject) { try FileManager.default.copyItem(at: file, to: $0) }

        try job.progress(0.5, "sending to \(parameters.destination)")
        let outcome = try await send(sent, place, artifact, to: archive, parameters, job)
        return Completion(
            outputs: [artifact],
            summary:
                "\(written.segments.count) segments in \(written.frameCount) frames, \(outcome.rawValue) \(parameters.destination)\(review == nil ? "" : ", marked as needing review")",
            askedDependency: outcome != .storedBefore)
    }

    /// The judgement of the segmentation that this job was made for, by whichever of its parents judged.
    private func parentsJudgement(_ job: JobContext) async throws -> SegmentationJudgement? {
        for parent in try await job.parents() {
            if let judgement = try await catalog.judgement(of: parent) { return judgement }
        }
        return nil
    }

    /// Why the result must not go out now; nil: it may.
    private func hold(_ parameters: DeliverSegmentation, _ judgement: SegmentationJudgement, _ job: JobContext)
        async throws -> HeldDelivery?
    {
        let model = try model(parameters)
        func held(_ cause: HeldDelivery.Cause, _ reasons: [String]) -> HeldDelivery {
            HeldDelivery(destination: parameters.destination, model: model, cause: cause, reasons: reasons)
        }
        if parameters.order.modelIsPromoted != true, try await !catalog.version(model).isPromoted {
            return held(
                .modelNotPromoted,
                [
                    "\(model) is not the promoted version of \(model.name): `columna models promote \(model)` if it may serve patients, then release the delivery"
                ])
        }
        let holds = archives.site.policy(of: job.record.tenant).onReview == .hold && parameters.isReleased != true
        return holds && judgement.needsReview ? held(.needsReview, judgement.reasons) : nil
    }

    private func model(_ parameters: DeliverSegmentation) throws -> ModelReference {
        guard let model = parameters.order.model else {
            throw JobFailure(
                class: .defect, code: "model-missing",
                reason: "the delivery does not say which model made its segmentation")
        }
        return model
    }

    private func write(_ parameters: DeliverSegmentation, _ review: ReviewMark?, to file: URL, _ job: JobContext)
        async throws -> SegmentationObject.Written
    {
        let (labelMap, sourceSeries) = (try await job.input(.labelMap), try await job.input(.sourceSeries))
        let model = try model(parameters)
        let algorithm = SegmentationAlgorithm(
            name: model.name, version: model.version.map(String.init) ?? "unknown",
            software: "Columna \(CodeVersion.current)")
        return try JobFailure.reading("segmentation") {
            let source = try JSONDecoder().decode(SourceSeries.self, from: Data(contentsOf: sourceSeries))
            // The job's own beginning: a repeat makes the same bytes.
            return try SegmentationObject.write(
                labels: try NIfTI.readLabels(labelMap), segments: Segment.segments(of: .spine25), source: source,
                algorithm: algorithm,
                contentDate: ContentMoment(job.record.createdAt), review: review, to: file)
        }
    }

    private enum Sent: String {
        case storedBefore = "stored before at"
        case found = "found at"
        case stored = "stored at"
    }

    private func send(
        _ file: URL, _ place: InstanceReference, _ artifact: ArtifactReference, to archive: any Archive,
        _ parameters: DeliverSegmentation,
        _ job: JobContext
    ) async throws -> Sent {
        guard let study = job.record.study else {
            throw JobFailure(class: .defect, code: "study-missing", reason: "a delivery serves no study")
        }
        let delivery = ResultDelivery(
            destination: parameters.destination, object: try keys.key(place.instance, tenant: job.record.tenant),
            tenant: job.record.tenant, study: study,
            address: artifact.address,
            byteCount: artifact.byteCount)
        switch try await ledger.begin(delivery) {
        case .stored: return .storedBefore
        case .begun where try archive.contains(place):
            try await ledger.markStored(delivery)
            return .found
        case .begun, .new:
            try archive.store(file)
            try await ledger.markStored(delivery)
            return .stored
        }
    }
}

extension ReviewMark {
    /// Nil: nobody need look.
    fileprivate init?(_ judgement: SegmentationJudgement) {
        self.init(
            reasons: judgement.findings.filter { $0.severity == .review }.map { finding in
                Reason(values: finding.classValues.compactMap(UInt8.init(exactly:)), sentence: finding.sentence)
            })
    }
}
