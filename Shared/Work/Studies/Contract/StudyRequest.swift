package import JobEngine

/// A study that is to be fetched from an archive and processed: the message `study.requested` in version 1.
package struct StudyRequest: StudyIntakeEvent {
    package static let verb = IntakeVerb.requested

    package var sender: IntakeSender
    /// Name of a node of the site file.
    package var source: String
    package var studyInstanceUID: String
    package var order: StudyOrder
    package var priority: Priority
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
        var model: ModelReference?
        var priority: Priority
        var skipAir: Bool?
        var repair: Bool?
        var names: NameSource?
        var deduplicationKey: String?
    }

    package var data: some Encodable {
        Content(
            source: source, studyInstanceUID: studyInstanceUID, model: order.model, priority: priority,
            skipAir: order.skipsAir, repair: order.repairs, names: order.names,
            deduplicationKey: deduplicationKey)
    }
}

/// The word that all of a study has been sent: the message `study.completed` in version 1.
package struct StudyCompletion: IntakeEvent {
    package static let verb = IntakeVerb.completed

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

    package var data: some Encodable {
        Content(studyInstanceUID: studyInstanceUID, instances: instanceCount)
    }
}
