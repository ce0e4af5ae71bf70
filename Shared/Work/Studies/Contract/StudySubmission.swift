package import Foundation
package import JobEngine
package import Messaging

/// A study that a hospital (or `columna submit`) wants processed: the message `study.submitted` in version 1
/// (`Contract/schemas/study-submitted.v1.schema.json`).
package struct StudySubmission: Sendable, Equatable {
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
    /// The sender's own; nil: the message's id.
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
        var model: String?
        var priority: Priority
        var deduplicationKey: String?
        var dataSet: String?
        var `case`: String?
        var skipAir: Bool?
        var repair: Bool?
    }

    private var data: Content {
        Content(
            path: path, labelPath: labelPath, numbering: numbering, series: series, pipeline: order.pipeline,
            model: order.model,
            priority: priority, deduplicationKey: deduplicationKey, dataSet: order.dataSet, case: order.caseName,
            skipAir: order.skipsAir, repair: order.repairs)
    }

    /// SHA-256 of what is asked for: the same for every repeat of the event, however it is written.
    package var contentDigest: String {
        get throws { try IntakeEvent.digest(of: data, .submitted) }
    }

    /// The message to publish.
    package func message(time: Date = Date(), exchange: String = Topology.standard.intakeExchange) throws
        -> OutgoingMessage
    {
        try IntakeEvent(verb: .submitted, sender: sender, time: time, data: data).message(exchange)
    }
}
