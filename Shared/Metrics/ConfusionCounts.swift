/// One class against the rest over all voxels.
///
/// A ratio whose denominator is 0 is nil, never 0 or 1.
package struct ConfusionCounts: Sendable, Hashable, Codable {
    package var truePositives: Int
    package var falsePositives: Int
    package var falseNegatives: Int
    package var trueNegatives: Int

    package init(truePositives: Int, falsePositives: Int, falseNegatives: Int, trueNegatives: Int) {
        self.truePositives = truePositives
        self.falsePositives = falsePositives
        self.falseNegatives = falseNegatives
        self.trueNegatives = trueNegatives
    }

    package var inTruth: Int { truePositives + falseNegatives }
    package var inPrediction: Int { truePositives + falsePositives }
    package var voxels: Int { inTruth + falsePositives + trueNegatives }

    package var presence: Presence { Presence(inTruth: inTruth > 0, inPrediction: inPrediction > 0) }

    /// 2·TP / (2·TP + FP + FN)
    package var dice: Double? { ratio(2 * truePositives, inTruth + inPrediction) }
    /// TP / (TP + FP + FN)
    package var intersectionOverUnion: Double? { ratio(truePositives, inTruth + falsePositives) }
    /// TP / (TP + FN)
    package var sensitivity: Double? { ratio(truePositives, inTruth) }
    /// TN / (TN + FP)
    package var specificity: Double? { ratio(trueNegatives, trueNegatives + falsePositives) }
    /// TP / (TP + FP)
    package var precision: Double? { ratio(truePositives, inPrediction) }
    /// (TP + TN) / all
    package var accuracy: Double? { ratio(truePositives + trueNegatives, voxels) }

    private func ratio(_ part: Int, _ whole: Int) -> Double? {
        whole == 0 ? nil : Double(part) / Double(whole)
    }
}
