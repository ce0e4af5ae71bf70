package import Foundation
package import JobEngine

/// A study that a hospital (or `columna submit`) wants processed: the message `study.submitted` in version 1
/// (`Contract/schemas/study-submitted.v1.schema.json`).
package struct StudySubmission: Sendable, Equatable {
    /// From the routing key `study.submitted.<tenant>`.
    package var tenant: String
    /// The property `message_id`, or the CloudEvents `id` when there is none. Names the study: a repeat changes nothing.
    package var messageID: String
    package var order: StudyOrder
    package var priority: Priority
    /// DICOM folder or NIfTI file; whether it lies inside the allowed roots is ingestion's to judge.
    package var path: String
    package var labelPath: String?
    /// How the label's values name vertebrae; nil: as Columna itself. Whether it is one that is known is ingestion's to judge.
    package var numbering: String?
    /// Hash of the wanted series where the folder holds several.
    package var series: String?
    /// The sender's own, or the `messageID`.
    package var deduplicationKey: String
    /// The queue that gets the result.
    package var replyTo: String?
    package var correlationID: String?

    package init(
        tenant: String, messageID: String, order: StudyOrder, priority: Priority = .routine, path: String, labelPath: String? = nil,
        numbering: String? = nil, series: String? = nil, deduplicationKey: String? = nil, replyTo: String? = nil, correlationID: String? = nil
    ) {
        self.tenant = tenant
        self.messageID = messageID
        self.order = order
        self.priority = priority
        self.path = path
        self.labelPath = labelPath
        self.numbering = numbering
        self.series = series
        self.deduplicationKey = deduplicationKey ?? messageID
        self.replyTo = replyTo
        self.correlationID = correlationID
    }
}

extension StudySubmission {
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

    /// The message to publish.
    /// - Parameter source: who sends, as a URI reference such as `columna/submit`.
    package func message(source: String, time: Date = Date(), exchange: String = Topology.standard.intakeExchange) throws -> OutgoingMessage {
        let content = Content(
            path: path, labelPath: labelPath, numbering: numbering, series: series, pipeline: order.pipeline, model: order.model, priority: priority,
            deduplicationKey: deduplicationKey == messageID ? nil : deduplicationKey, dataSet: order.dataSet, case: order.caseName,
            skipAir: order.skipsAir, repair: order.repairs)
        let sender = IntakeSender(tenant: tenant, messageID: messageID, replyTo: replyTo, correlationID: correlationID)
        return try IntakeEvent(verb: .submitted, sender: sender, source: source, time: time, data: content).message(exchange)
    }
}
