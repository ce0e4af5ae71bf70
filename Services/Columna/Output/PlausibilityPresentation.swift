import Console
import Documents
import JobEngine
import Studies

/// What is remarkable about a segmentation, as lines.
enum PlausibilityPresentation {
    /// `needs review: …` first; nothing where nothing is to be said.
    static func lines(findings: [SegmentationJudgement.Finding], repairs: [String]?) -> [String] {
        let reasons = findings.filter { $0.severity == .review }.map { "needs review: \($0.sentence)" }
        let remarks = findings.filter { $0.severity == .information }.map { "note: \($0.sentence)" }
        return reasons + remarks
            + (repairs.map { $0.isEmpty ? ["repaired: nothing to mend"] : $0.map { "repaired: \($0)" } } ?? [])
    }

    static func show(findings: [SegmentationJudgement.Finding], repairs: [String]?) {
        for line in lines(findings: findings, repairs: repairs) { print(line) }
    }

    static func show(_ judgement: SegmentationJudgement) {
        show(findings: judgement.findings, repairs: judgement.repairs?.map(\.sentence))
    }

    /// The classes of a stored judgement.
    static func table(_ judgement: SegmentationJudgement) -> String {
        var table = TextTable("class", ">value", ">voxels", ">ml", ">pieces", ">confidence", ">entropy", "")
        for one in judgement.classes {
            table.add(
                one.name, String(one.value), String(one.voxels), Wording.ratio(one.volumeInMillilitres, digits: 2),
                String(one.componentCount),
                Wording.ratio(one.meanConfidence, digits: 3), Wording.ratio(one.meanEntropy, digits: 3),
                one.isCut ? "cut" : "")
        }
        return table.isEmpty ? "No vertebra was found." : table.text
    }
}
