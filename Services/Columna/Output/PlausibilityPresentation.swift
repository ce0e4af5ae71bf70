import Console
import Documents
import JobEngine

/// What is remarkable about a segmentation, as lines and as JSON.
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

    static func json(_ judgement: SegmentationJudgement?) -> JSONValue {
        guard let judgement else { return nil }
        let classes: [(key: String, value: JSONValue)] = judgement.classes.map { one in
            (
                key: String(one.value),
                value: [
                    "name": JSONValue(one.name), "voxels": JSONValue(one.voxels),
                    "ml": JSONValue(one.volumeInMillilitres),
                    "centroid_mm": JSONValue(one.centroidInMillimetres.map { JSONValue($0) }),
                    "components": JSONValue(one.componentCount),
                    "largest_share": JSONValue(one.largestShare), "is_cut": JSONValue(one.isCut),
                    "mean_confidence": JSONValue(one.meanConfidence),
                    "mean_entropy": JSONValue(one.meanEntropy),
                ]
            )
        }
        return [
            "needs_review": JSONValue(judgement.needsReview),
            "reasons": JSONValue(judgement.reasons.map { JSONValue($0) }),
            "findings": json(findings: judgement.findings),
            "repairs": json(repairs: judgement.repairs?.map { ($0.kind, $0.classValues, $0.voxels, $0.sentence) }),
            "classes": .object(classes),
        ]
    }

    static func json(findings: [SegmentationJudgement.Finding]) -> JSONValue {
        JSONValue(
            findings.map {
                [
                    "kind": JSONValue($0.kind), "severity": JSONValue($0.severity.rawValue),
                    "class_values": JSONValue($0.classValues.map { JSONValue($0) }),
                    "sentence": JSONValue($0.sentence),
                ]
            })
    }

    /// Null where no repair was asked for.
    static func json(repairs: [(kind: String, classValues: [Int], voxels: Int, sentence: String)]?) -> JSONValue {
        guard let repairs else { return nil }
        return JSONValue(
            repairs.map {
                [
                    "kind": JSONValue($0.kind), "class_values": JSONValue($0.classValues.map { JSONValue($0) }),
                    "voxels": JSONValue($0.voxels),
                    "sentence": JSONValue($0.sentence),
                ]
            })
    }
}
