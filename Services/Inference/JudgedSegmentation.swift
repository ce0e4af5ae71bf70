import Anatomy
import JobEngine
import Plausibility
import Segmentation
import Studies
import Volumes

/// A segmentation with what can be said of it, as it is stored.
struct JudgedSegmentation {
    private let segmented: SegmentedVolume
    /// Nil: the model's label set has no names here, so nothing is known of its anatomy.
    private let judged: JudgedLabels?

    init(_ segmented: SegmentedVolume, labelSet: LabelSet?, names: NameSource, repairs: Bool) {
        self.segmented = segmented
        judged = labelSet.map {
            JudgedLabels(
                segmented.labels, labelSet: $0, votes: segmented.votes, meanConfidence: segmented.meanConfidenceByLabel,
                meanEntropy: segmented.meanEntropyByLabel, namesByAnatomy: names == .anatomy, repairs: repairs)
        }
    }

    /// What is handed on.
    var labels: Volume<UInt8> { judged?.labels ?? segmented.labels }

    var isChanged: Bool { judged?.isChanged == true }

    var classCount: Int {
        judged?.report.vertebrae.count ?? segmented.classes.count { $0.label > 0 && $0.voxels > 0 }
    }

    func judgement(study: StudyID?, model: ModelReference?) -> SegmentationJudgement? {
        guard let judged else { return nil }
        return SegmentationJudgement(
            study: study, modelVersion: model,
            classes: judged.report.vertebrae.map { one in
                SegmentationJudgement.ClassRow(
                    value: Int(one.label.value), name: one.label.name, voxels: one.voxels,
                    volumeInMillilitres: one.volumeInMillilitres,
                    centroidInMillimetres: (0..<3).map { one.centroid[$0] }, componentCount: one.componentCount,
                    largestShare: one.largestShare,
                    isCut: one.isCut,
                    meanConfidence: judged.certainty(of: one.label.value).confidence,
                    meanEntropy: one.meanEntropy)
            },
            findings: judged.report.findings.map { finding in
                SegmentationJudgement.Finding(
                    kind: finding.kind.rawValue, severity: finding.severity == .review ? .review : .information,
                    classValues: finding.labels.map(Int.init),
                    sentence: finding.sentence)
            },
            repairs: judged.repair?.steps.map { step in
                SegmentationJudgement.Repair(
                    kind: step.kind.rawValue, classValues: step.labels.map(Int.init), voxels: step.voxels,
                    sentence: step.sentence)
            })
    }
}
