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

    /// Area under the ROC curve of one threshold: (sensitivity + specificity) / 2.
    package var auc: Double? {
        guard let sensitivity, let specificity else { return nil }
        return (sensitivity + specificity) / 2
    }
    /// As MISeval has it: 1 − (FP rate + FN rate) / 2 with a rate of nothing as 0.
    var aucWithMissingRatesAsZero: Double {
        1 - ((ratio(falsePositives, trueNegatives + falsePositives) ?? 0) + (ratio(falseNegatives, inTruth) ?? 0)) / 2
    }
    /// Cohen's kappa, in a form that loses no digits where the class is small: 2·(TP·TN − FN·FP) over what chance can
    /// disagree in.
    package var kappa: Double? {
        let (positives, negatives) = (Double(inTruth), Double(voxels - inTruth))
        let (called, rejected) = (Double(inPrediction), Double(voxels - inPrediction))
        let whole = called * negatives + positives * rejected
        let part = Double(truePositives) * Double(trueNegatives) - Double(falseNegatives) * Double(falsePositives)
        return whole == 0 ? nil : 2 * part / whole
    }

    private func ratio(_ part: Int, _ whole: Int) -> Double? {
        whole == 0 ? nil : Double(part) / Double(whole)
    }
}
