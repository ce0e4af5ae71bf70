package import Anatomy
import Faults
import Threads
package import Volumes

/// How often each label of the truth met each label of the prediction, background included.
package struct ConfusionMatrix: Sendable, Hashable {
    package let labelSet: LabelSet
    /// Row-major, truth by prediction, `channels` × `channels`.
    private let joint: [Int]

    /// One parallel pass over the voxels; the result does not depend on the number of threads.
    ///
    /// Throws `invalidGrid`, `gridsDiffer` if the grids' sizes or corner positions (by more than 1e-3 mm) differ, and
    /// `labelOutsideSet` for voxel values the set does not have.
    package init(truth: Volume<UInt8>, prediction: Volume<UInt8>, labelSet: LabelSet) throws {
        try MetricsError.requireComparable(truth.geometry, prediction.geometry)
        try self.init(
            PairCensus(truth: truth, prediction: prediction, pool: .shared), labelSet: labelSet)
    }

    /// Throws `labelOutsideSet`.
    init(_ census: PairCensus, labelSet: LabelSet) throws {
        for value in labelSet.channels..<256 {
            for (count, side) in [
                (census.truth[value].voxels, "truth"), (census.prediction[value].voxels, "prediction"),
            ] where count > 0 {
                throw MetricsError(
                    .labelOutsideSet,
                    "the \(side) has \(count) voxels of label \(value), expected labels 0 to \(labelSet.highestValue) of \(labelSet.name); "
                        + "convert its numbering first")
            }
        }
        let channels = 0..<labelSet.channels
        joint = channels.flatMap { row in channels.map { census.joint[row << 8 | $0] } }
        self.labelSet = labelSet
    }

    package var voxels: Int { joint.reduce(0, +) }

    package subscript(truth truth: UInt8, prediction prediction: UInt8) -> Int {
        joint[Int(truth) * labelSet.channels + Int(prediction)]
    }

    /// The class of voxel value `label` against the rest.
    package func counts(of label: UInt8) -> ConfusionCounts {
        let positives = self[truth: label, prediction: label]
        let (inTruth, inPrediction) = (rowSum(label), columnSum(label))
        return ConfusionCounts(
            truePositives: positives, falsePositives: inPrediction - positives, falseNegatives: inTruth - positives,
            trueNegatives: voxels - inTruth - inPrediction + positives)
    }

    /// The share of voxels with the right label, background included.
    package var accuracy: Double {
        let right = values.reduce(0) { $0 + self[truth: $1, prediction: $1] }
        return Double(right) / Double(voxels)
    }

    /// Cohen's kappa over all labels, background included; nil if both maps are one and the same label throughout.
    package var kappa: Double? {
        let all = Double(voxels)
        let chance = values.reduce(0.0) { $0 + Double(rowSum($1)) / all * (Double(columnSum($1)) / all) }
        return chance == 1 ? nil : (accuracy - chance) / (1 - chance)
    }

    private var values: ClosedRange<UInt8> { 0...labelSet.highestValue }
    private func rowSum(_ label: UInt8) -> Int { values.reduce(0) { $0 + self[truth: label, prediction: $1] } }
    private func columnSum(_ label: UInt8) -> Int { values.reduce(0) { $0 + self[truth: $1, prediction: label] } }

    /// All pairs of labels that met, by truth, then by prediction.
    package var entries: [ConfusionEntry] {
        values.flatMap { truth in
            values.compactMap { prediction in
                let voxels = self[truth: truth, prediction: prediction]
                return voxels > 0 ? ConfusionEntry(truth: truth, prediction: prediction, voxels: voxels) : nil
            }
        }
    }
}
