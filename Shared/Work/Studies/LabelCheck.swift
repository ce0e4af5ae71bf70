package import JobEngine

/// Whether the ground truth of an imported case can be a spine, and what was decided in reading it; stored with the
/// study that imported the case.
package struct LabelCheck: Sendable, Equatable, Encodable {
    /// One class that has voxels in the labels.
    package struct ClassRow: Sendable, Equatable, Encodable {
        package var value: Int
        package var name: String
        package var voxels: Int
        package var volumeInMillilitres: Double
        /// 26-connected.
        package var componentCount: Int
        package var isCut: Bool

        package init(
            value: Int, name: String, voxels: Int, volumeInMillilitres: Double, componentCount: Int, isCut: Bool
        ) {
            self.value = value
            self.name = name
            self.voxels = voxels
            self.volumeInMillilitres = volumeInMillilitres
            self.componentCount = componentCount
            self.isCut = isCut
        }
    }

    package typealias Finding = SegmentationJudgement.Finding

    package var study: StudyID
    /// Bones that the label set does not have, masks that overlap: a sentence each.
    package var decisions: [String]
    package var classes: [ClassRow]
    package var findings: [Finding]

    package init(study: StudyID, decisions: [String], classes: [ClassRow], findings: [Finding]) {
        self.study = study
        self.decisions = decisions
        self.classes = classes
        self.findings = findings
    }

    package var needsReview: Bool { findings.contains { $0.severity == .review } }

    private enum CodingKeys: String, CodingKey { case study, decisions, classes, findings, needsReview }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(study, forKey: .study)
        try container.encode(decisions, forKey: .decisions)
        try container.encode(classes, forKey: .classes)
        try container.encode(findings, forKey: .findings)
        try container.encode(needsReview, forKey: .needsReview)
    }
}
