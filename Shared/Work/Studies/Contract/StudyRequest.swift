package import Foundation
package import JobEngine
package import Messaging

/// A study that is to be fetched from an archive and processed: the message `study.requested` in version 1.
package struct StudyRequest: Sendable, Equatable {
    package var sender: IntakeSender
    /// Name of a node of the site file.
    package var source: String
    package var studyInstanceUID: String
    package var order: StudyOrder
    package var priority: Priority
    /// The sender's own; nil: the message's id.
    package var deduplicationKey: String?

    package init(
        sender: IntakeSender, source: String, studyInstanceUID: String, order: StudyOrder,
        priority: Priority = .routine,
        deduplicationKey: String? = nil
    ) {
        self.sender = sender
        self.source = source
        self.studyInstanceUID = studyInstanceUID
        self.order = order
        self.priority = priority
        self.deduplicationKey = deduplicationKey
    }

    private struct Content: Encodable {
        var source: String
        var studyInstanceUID: String
        var model: String?
        var priority: Priority
        var skipAir: Bool?
        var repair: Bool?
        var deduplicationKey: String?
    }

    private var data: Content {
        Content(
            source: source, studyInstanceUID: studyInstanceUID, model: order.model, priority: priority,
            skipAir: order.skipsAir, repair: order.repairs,
            deduplicationKey: deduplicationKey)
    }

    /// SHA-256 of what is asked for: the same for every repeat of the event, however it is written.
    package var contentDigest: String {
        get throws { try IntakeEvent.digest(of: data, .requested) }
    }

    package func message(time: Date = Date(), exchange: String = Topology.standard.intakeExchange) throws
        -> OutgoingMessage
    {
        try IntakeEvent(verb: .requested, sender: sender, time: time, data: data).message(exchange)
    }
}

/// The word that all of a study has been sent: the message `study.completed` in version 1.
package struct StudyCompletion: Sendable, Equatable {
    package var sender: IntakeSender
    package var studyInstanceUID: String
    /// How many instances there are in all, if the sender knows.
    package var instanceCount: Int?

    package init(sender: IntakeSender, studyInstanceUID: String, instanceCount: Int? = nil) {
        self.sender = sender
        self.studyInstanceUID = studyInstanceUID
        self.instanceCount = instanceCount
    }

    private struct Content: Encodable {
        var studyInstanceUID: String
        var instances: Int?
    }

    package func message(time: Date = Date(), exchange: String = Topology.standard.intakeExchange) throws
        -> OutgoingMessage
    {
        let content = Content(studyInstanceUID: studyInstanceUID, instances: instanceCount)
        return try IntakeEvent(verb: .completed, sender: sender, time: time, data: content).message(exchange)
    }
}
