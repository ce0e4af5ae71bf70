package import JobEngine

/// A label map that a person corrected, in place of the one that a study has: the message `study.corrected` in version 1
/// (`Contract/schemas/study-corrected.v1.schema.json`).
package struct StudyCorrection: StudyIntakeEvent {
    package static let verb = IntakeVerb.corrected

    package var sender: IntakeSender
    /// Whose labels are corrected: the study as the answer to its submission named it.
    package var study: StudyID
    /// NIfTI file, or folder of one mask per vertebra.
    package var labelPath: String
    /// How the labels' values name vertebrae; nil: as Columna itself.
    package var numbering: String?
    /// What was corrected: the address of a label map of the study, or the job that made one. Nil: the newest
    /// segmentation, else the ground truth.
    package var parent: String?
    /// Who corrected it. A person's name: it goes into `columna.corrections` and nowhere else.
    package var author: String?
    package var priority: Priority
    package var deduplicationKey: String?

    package init(
        sender: IntakeSender, study: StudyID, labelPath: String, numbering: String? = nil, parent: String? = nil,
        author: String? = nil, priority: Priority = .routine, deduplicationKey: String? = nil
    ) {
        self.sender = sender
        self.study = study
        self.labelPath = labelPath
        self.numbering = numbering
        self.parent = parent
        self.author = author
        self.priority = priority
        self.deduplicationKey = deduplicationKey
    }

    package var order: StudyOrder { StudyOrder(pipeline: .correct) }

    private struct Content: Encodable {
        var study: String
        var labelPath: String
        var numbering: String?
        var parent: String?
        var author: String?
        var priority: Priority
        var deduplicationKey: String?
    }

    package var data: some Encodable {
        Content(
            study: study.description, labelPath: labelPath, numbering: numbering, parent: parent, author: author,
            priority: priority, deduplicationKey: deduplicationKey)
    }
}
