package import Anatomy
import Dispatch
import Synchronization
package import Volumes

/// How often each label of the truth met each label of the prediction, background included.
package struct ConfusionMatrix: Sendable, Hashable {
    package let labelSet: LabelSet
    /// Row-major, truth by prediction, `channels` × `channels`.
    private let joint: [Int]

    /// One parallel pass over the voxels; the result does not depend on the number of threads.
    ///
    /// Throws `gridsDiffer` if the grids' sizes or corner positions (by more than 1e-3 mm) differ, and `labelOutsideSet`
    /// for voxel values the set does not have.
    package init(truth: Volume<UInt8>, prediction: Volume<UInt8>, labelSet: LabelSet) throws {
        guard truth.geometry.isSameGrid(as: prediction.geometry) else {
            throw MetricsError(
                .gridsDiffer,
                "truth and prediction must be on the same grid, got \(truth.geometry) and \(prediction.geometry); resample the labels first")
        }
        let table = Self.jointTable(truth.voxels, prediction.voxels)
        for value in labelSet.channels..<256 {
            let counts = (0..<256).reduce((truth: 0, prediction: 0)) {
                ($0.truth + table[value << 8 | $1], $0.prediction + table[$1 << 8 | value])
            }
            for (count, side) in [(counts.truth, "truth"), (counts.prediction, "prediction")] where count > 0 {
                throw MetricsError(
                    .labelOutsideSet,
                    "the \(side) has \(count) voxels of label \(value), expected labels 0 to \(labelSet.highestValue) of \(labelSet.name); "
                        + "convert its numbering first")
            }
        }
        let channels = 0..<labelSet.channels
        joint = channels.flatMap { row in channels.map { table[row << 8 | $0] } }
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

    /// 256 × 256 counts, truth · 256 + prediction. Adding whole numbers gives the same sum in any order.
    private static func jointTable(_ truth: [UInt8], _ prediction: [UInt8]) -> [Int] {
        let chunk = 1 << 22
        let total = Mutex([Int](repeating: 0, count: 1 << 16))
        DispatchQueue.concurrentPerform(iterations: (truth.count + chunk - 1) / chunk) { iteration in
            let range = iteration * chunk..<min(truth.count, (iteration + 1) * chunk)
            var counts = [Int](repeating: 0, count: 1 << 16)
            counts.withUnsafeMutableBufferPointer { counts in
                for (truth, prediction) in zip(truth[range], prediction[range]) {
                    counts[Int(truth) << 8 | Int(prediction)] += 1
                }
            }
            total.withLock { total in
                for entry in 0..<total.count where counts[entry] != 0 { total[entry] += counts[entry] }
            }
        }
        return total.withLock { $0 }
    }
}
