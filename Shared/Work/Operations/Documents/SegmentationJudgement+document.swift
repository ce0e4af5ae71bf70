package import Documents
import JobEngine
package import Studies

extension SegmentationJudgement: Documented {
    package var document: JSONValue {
        [
            "needs_review": JSONValue(needsReview), "reasons": JSONValue(reasons.map { JSONValue($0) }),
            "findings": JSONValue(findings.map(\.document)),
            "repairs": repairs.map { JSONValue($0.map(\.document)) } ?? nil,
            "classes": .object(classes.map { (key: String($0.value), value: $0.document) }),
        ]
    }
}

extension SegmentationJudgement.ClassRow: Documented {
    package var document: JSONValue {
        [
            "name": JSONValue(name), "voxels": JSONValue(voxels), "ml": JSONValue(volumeInMillilitres),
            "centroid_mm": JSONValue(centroidInMillimetres.map { JSONValue($0) }),
            "components": JSONValue(componentCount), "largest_share": JSONValue(largestShare),
            "is_cut": JSONValue(isCut), "mean_confidence": JSONValue(meanConfidence),
            "mean_entropy": JSONValue(meanEntropy),
        ]
    }
}

extension SegmentationJudgement.Finding: Documented {
    package var document: JSONValue {
        [
            "kind": JSONValue(kind), "severity": JSONValue(severity.rawValue),
            "class_values": JSONValue(classValues.map { JSONValue($0) }), "sentence": JSONValue(sentence),
        ]
    }
}

extension SegmentationJudgement.Repair: Documented {
    package var document: JSONValue {
        [
            "kind": JSONValue(kind), "class_values": JSONValue(classValues.map { JSONValue($0) }),
            "voxels": JSONValue(voxels), "sentence": JSONValue(sentence),
        ]
    }
}
