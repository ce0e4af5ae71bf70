import Anatomy
import Foundation
import JobEngine
import Plausibility
import Segmentation
import Studies
import Volumes

/// A segmentation with what can be said of it, after naming by anatomy and repair if these were asked for.
struct JudgedSegmentation {
    /// What is handed on.
    let labels: Volume<UInt8>
    private let segmented: SegmentedVolume
    /// Nil: the model's label set has no names here, so nothing is known of its anatomy.
    private let report: PlausibilityReport?
    private let steps: [RepairStep]?
    private let names: AnatomicalNames?

    init(_ segmented: SegmentedVolume, labelSet: LabelSet?, names source: NameSource, repairs: Bool) {
        self.segmented = segmented
        guard let labelSet else {
            (labels, report, steps, names) = (segmented.labels, nil, nil, nil)
            return
        }
        let names =
            source == .anatomy
            ? AnatomicalNames(segmented.labels, labelSet: labelSet, votes: segmented.votes) : nil
        self.names = names
        let named = names?.labels ?? segmented.labels
        let repair = repairs ? LabelRepair(named, labelSet: labelSet) : nil
        labels = repair?.labels ?? named
        steps = repair?.steps
        report = PlausibilityReport(
            labels, labelSet: labelSet, names: names,
            meanEntropy: names?.meanEntropyByLabel ?? segmented.meanEntropyByLabel)
    }

    /// Whether it differs from what the network left.
    var isChanged: Bool { steps?.isEmpty == false || (names?.changedVoxels ?? 0) > 0 }

    private func meanConfidence(of value: UInt8) -> Double? {
        guard let names else { return segmented.classes.first { $0.label == Int(value) }?.meanConfidence }
        return names.vertebrae.first { $0.value == value }?.meanConfidence
    }

    var classCount: Int { report?.vertebrae.count ?? segmented.classes.count { $0.label > 0 && $0.voxels > 0 } }

    func judgement(study: StudyID?, model: ModelReference?) -> SegmentationJudgement? {
        guard let report else { return nil }
        return SegmentationJudgement(
            study: study, modelVersion: model,
            classes: report.vertebrae.map { one in
                SegmentationJudgement.ClassRow(
                    value: Int(one.label.value), name: one.label.name, voxels: one.voxels,
                    volumeInMillilitres: one.volumeInMillilitres,
                    centroidInMillimetres: (0..<3).map { one.centroid[$0] }, componentCount: one.componentCount,
                    largestShare: one.largestShare,
                    isCut: one.isCut,
                    meanConfidence: meanConfidence(of: one.label.value),
                    meanEntropy: one.meanEntropy)
            },
            findings: report.findings.map { finding in
                SegmentationJudgement.Finding(
                    kind: finding.kind.rawValue, severity: finding.severity == .review ? .review : .information,
                    classValues: finding.labels.map(Int.init),
                    sentence: finding.sentence)
            },
            repairs: steps?.map { step in
                SegmentationJudgement.Repair(
                    kind: step.kind.rawValue, classValues: step.labels.map(Int.init), voxels: step.voxels,
                    sentence: step.sentence)
            })
    }
}
