import Anatomy
import JobEngine
import LabelMaps
import Plausibility
import Studies

/// The labels of a case on its way into a data set, looked at as a segmentation would be: what is learned from is not
/// taken on trust.
struct CheckedLabels {
    private let truth: LabelMap
    private let report: PlausibilityReport

    /// Blocks; keep it off Swift's cooperative threads.
    init(_ truth: LabelMap, labelSet: LabelSet = .spine25) {
        self.truth = truth
        report = PlausibilityReport(truth.labels, labelSet: labelSet)
    }

    func check(of study: StudyID) -> LabelCheck {
        LabelCheck(
            study: study, decisions: truth.remarks,
            classes: report.vertebrae.map { one in
                LabelCheck.ClassRow(
                    value: Int(one.label.value), name: one.label.name, voxels: one.voxels,
                    volumeInMillilitres: one.volumeInMillilitres, componentCount: one.componentCount, isCut: one.isCut)
            },
            findings: report.findings.map { finding in
                LabelCheck.Finding(
                    kind: finding.kind.rawValue, severity: finding.severity == .review ? .review : .information,
                    classValues: finding.labels.map(Int.init), sentence: finding.sentence)
            })
    }
}
