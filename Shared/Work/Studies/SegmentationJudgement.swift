package import JobEngine

/// Whether a segmentation can be right, judged without a ground truth; stored with the job that made it.
package struct SegmentationJudgement: Sendable, Equatable, Encodable {
    /// One class that has voxels in the label map.
    package struct ClassRow: Sendable, Equatable, Encodable {
        package var value: Int
        package var name: String
        package var voxels: Int
        package var volumeInMillilitres: Double
        /// Of the largest component: x, y, z in RAS+ millimetres.
        package var centroidInMillimetres: [Double]
        /// 26-connected.
        package var componentCount: Int
        /// 0 … 1.
        package var largestShare: Double
        package var isCut: Bool
        /// Over the voxels where the class won, 0 … 1; nil where it won none.
        package var meanConfidence: Double?
        package var meanEntropy: Double?

        package init(
            value: Int, name: String, voxels: Int, volumeInMillilitres: Double, centroidInMillimetres: [Double],
            componentCount: Int,
            largestShare: Double, isCut: Bool, meanConfidence: Double?, meanEntropy: Double?
        ) {
            self.value = value
            self.name = name
            self.voxels = voxels
            self.volumeInMillilitres = volumeInMillilitres
            self.centroidInMillimetres = centroidInMillimetres
            self.componentCount = componentCount
            self.largestShare = largestShare
            self.isCut = isCut
            self.meanConfidence = meanConfidence
            self.meanEntropy = meanEntropy
        }
    }

    package struct Finding: Sendable, Equatable, Encodable {
        package enum Severity: String, Sendable, Codable, CaseIterable {
            case information, review
        }

        /// `level-missing`, `fragmented` …
        package var kind: String
        package var severity: Severity
        package var classValues: [Int]
        package var sentence: String

        package init(kind: String, severity: Severity, classValues: [Int], sentence: String) {
            self.kind = kind
            self.severity = severity
            self.classValues = classValues
            self.sentence = sentence
        }
    }

    /// A step of post-processing.
    package struct Repair: Sendable, Equatable, Encodable {
        /// `fragments-removed`, `fragments-relabelled`, `neighbours-swapped`.
        package var kind: String
        /// What lost voxels, then what got them, if a class did.
        package var classValues: [Int]
        /// How many changed their value.
        package var voxels: Int
        package var sentence: String

        package init(kind: String, classValues: [Int], voxels: Int, sentence: String) {
            self.kind = kind
            self.classValues = classValues
            self.voxels = voxels
            self.sentence = sentence
        }
    }

    package var study: StudyID?
    /// `NAME@VERSION`.
    package var modelVersion: ModelReference?
    package var classes: [ClassRow]
    package var findings: [Finding]
    /// Nil: none was asked for; empty: nothing was mended. Classes and findings are those after it.
    package var repairs: [Repair]?

    package init(
        study: StudyID?, modelVersion: ModelReference?, classes: [ClassRow], findings: [Finding], repairs: [Repair]?
    ) {
        self.study = study
        self.modelVersion = modelVersion
        self.classes = classes
        self.findings = findings
        self.repairs = repairs
    }

    package var needsReview: Bool { findings.contains { $0.severity == .review } }

    /// Why it needs review, a sentence each.
    package var reasons: [String] { findings.filter { $0.severity == .review }.map(\.sentence) }

    private enum CodingKeys: String, CodingKey {
        case study, modelVersion, classes, findings, repairs, needsReview, reasons
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(study, forKey: .study)
        try container.encodeIfPresent(modelVersion, forKey: .modelVersion)
        try container.encode(classes, forKey: .classes)
        try container.encode(findings, forKey: .findings)
        try container.encodeIfPresent(repairs, forKey: .repairs)
        try container.encode(needsReview, forKey: .needsReview)
        try container.encode(reasons, forKey: .reasons)
    }
}
