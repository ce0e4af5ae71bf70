package import JobEngine

/// A study that a hospital (or `columna submit`) wants processed: the message `study.submitted` in version 1
/// (`Contract/schemas/study-submitted.v1.schema.json`).
package struct StudySubmission: StudyIntakeEvent {
    package static let verb = IntakeVerb.submitted

    package var sender: IntakeSender
    package var order: StudyOrder
    package var priority: Priority
    /// DICOM folder or NIfTI file; whether it lies inside the allowed roots is ingestion's to judge.
    package var path: String
    package var labelPath: String?
    /// How the label's values name vertebrae; nil: as Columna itself. Whether it is one that is known is ingestion's to
    /// judge.
    package var numbering: String?
    /// Hash of the wanted series where the folder holds several.
    package var series: String?
    package var deduplicationKey: String?

    package init(
        sender: IntakeSender, order: StudyOrder, priority: Priority = .routine, path: String, labelPath: String? = nil,
        numbering: String? = nil,
        series: String? = nil, deduplicationKey: String? = nil
    ) {
        self.sender = sender
        self.order = order
        self.priority = priority
        self.path = path
        self.labelPath = labelPath
        self.numbering = numbering
        self.series = series
        self.deduplicationKey = deduplicationKey
    }

    private struct Content: Encodable {
        var path: String
        var labelPath: String?
        var numbering: String?
        var series: String?
        var pipeline: PipelineName
        var model: ModelReference?
        var priority: Priority
        var deduplicationKey: String?
        var dataSet: String?
        var `case`: String?
        var skipAir: Bool?
        var repair: Bool?
        var names: NameSource?
    }

    package var data: some Encodable {
        Content(
            path: path, labelPath: labelPath, numbering: numbering, series: series, pipeline: order.pipeline,
            model: order.model,
            priority: priority, deduplicationKey: deduplicationKey, dataSet: order.dataSet, case: order.caseName,
            skipAir: order.skipsAir, repair: order.repairs, names: order.names)
    }
}
