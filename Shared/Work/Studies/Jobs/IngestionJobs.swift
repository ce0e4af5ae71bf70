package import JobEngine

extension JobKind {
    static let ingestion = [
        RetrieveStudy.kind, IngestStudy.kind, IngestCorrection.kind, DeliverSegmentation.kind, VerifyObjects.kind,
    ]
}

/// Fetches a study from an archive.
package struct RetrieveStudy: JobDefinition {
    package static let kind = JobKind(
        "retrieve-study", of: .ingestion, limits: .hours(running: 12), patienceInHours: 72)

    package var order: StudyOrder
    /// Name of a node of the site file.
    package var source: String
    package var studyInstanceUID: String

    package init(order: StudyOrder, source: String, studyInstanceUID: String) {
        self.order = order
        self.source = source
        self.studyInstanceUID = studyInstanceUID
    }
}

/// Reads a study, and a ground truth if one came with it, into storage.
package struct IngestStudy: JobDefinition {
    package static let kind = JobKind(
        "ingest-study", of: .ingestion, inputs: [.instances], limits: .hours(running: 4))

    package var order: StudyOrder
    /// DICOM folder or file, or NIfTI file, inside the allowed roots. Nil: the job's input says which instances in
    /// storage they are.
    package var path: String?
    /// NIfTI file, or folder of one mask per vertebra.
    package var labelPath: String?
    /// How the label's values name vertebrae, as `Anatomy` spells it; nil: as Columna itself.
    package var numbering: String?
    /// Whether S1 is a part of the sacrum, as `Anatomy` spells it; nil: it is.
    package var sacrum: String?
    /// Hash of the wanted series where a folder holds several.
    package var series: String?

    package init(
        order: StudyOrder, path: String?, labelPath: String? = nil, numbering: String? = nil, sacrum: String? = nil,
        series: String? = nil
    ) {
        self.numbering = numbering
        self.sacrum = sacrum
        self.order = order
        self.path = path
        self.labelPath = labelPath
        self.series = series
    }
}

/// Reads a label map that a person corrected into storage.
package struct IngestCorrection: JobDefinition {
    package static let kind = JobKind("ingest-correction", of: .ingestion, limits: .hours(running: 4))

    package var order: StudyOrder
    /// Whose labels are corrected.
    package var study: StudyID
    /// NIfTI file, or folder of one mask per vertebra, inside the allowed roots.
    package var labelPath: String
    /// How its values name vertebrae, as `Anatomy` spells it; nil: as Columna itself.
    package var numbering: String?
    /// Address of the label map that was corrected, or the job that made it; nil: the study's newest segmentation, else
    /// its ground truth.
    package var parent: String?

    package init(
        order: StudyOrder, study: StudyID, labelPath: String, numbering: String? = nil, parent: String? = nil
    ) {
        self.order = order
        self.study = study
        self.labelPath = labelPath
        self.numbering = numbering
        self.parent = parent
    }
}

/// Sends a label map to an archive as a DICOM segmentation. Of the stage ingestion: the one that knows the hospital's
/// archives.
package struct DeliverSegmentation: JobDefinition {
    package static let kind = JobKind(
        "deliver-segmentation", of: .ingestion, inputs: [.labelMap, .sourceSeries, .weights],
        limits: .hours(running: 4), patienceInHours: 72)

    package var order: StudyOrder
    /// Name of a node of the site file.
    package var destination: String
    /// Whether an operator has looked at what needed review. Nil: no.
    package var isReleased: Bool?

    package init(order: StudyOrder, destination: String, isReleased: Bool? = nil) {
        self.isReleased = isReleased
        self.order = order
        self.destination = destination
    }
}

/// Reads one in 256 of the stored objects again and compares their bytes with their addresses. Of the stage ingestion,
/// which waits for disks and networks as a rule, and leaves the processors to others.
package struct VerifyObjects: JobDefinition {
    package static let kind = JobKind("verify-objects", of: .ingestion, limits: .hours(running: 48, noProgress: 4))

    /// Of the objects' hexadecimal digests: `00` to `ff`.
    package var firstDigits: String

    package init(firstDigits: String) { self.firstDigits = firstDigits }

    /// Those that read everything between them. So many, for a worker with one slot takes no study while it reads.
    package static let parts = (0..<256).map {
        VerifyObjects(firstDigits: ($0 < 16 ? "0" : "") + String($0, radix: 16))
    }
}
