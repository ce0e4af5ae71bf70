package import Anatomy
import Metrics

/// How often each label of the truth met each label of the prediction, over all cases of a cohort: the picture of which
/// vertebra is taken for which.
package struct ConfusionTotals: Sendable, Hashable, Codable {
    /// Background 0 and the labels of the set, in its order; then labels that cases have beyond it, if any.
    package let labels: [UInt8]
    /// Row-major: truth by prediction, in voxels.
    package let voxels: [Int]

    package init(of cohort: Cohort, labelSet: LabelSet) {
        let entries = cohort.cases.flatMap(\.metrics.confusion)
        let known = [0] + labelSet.labels.map(\.value)
        let labels = known + Set(entries.flatMap { [$0.truth, $0.prediction] }).subtracting(known).sorted()
        let positions = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
        var voxels = [Int](repeating: 0, count: labels.count * labels.count)
        for entry in entries {
            guard let row = positions[entry.truth], let column = positions[entry.prediction] else { continue }
            voxels[row * labels.count + column] += entry.voxels
        }
        (self.labels, self.voxels) = (labels, voxels)
    }

    /// Voxels that the truth calls one label and the prediction another; 0 for labels that do not occur.
    package func voxels(truth: UInt8, prediction: UInt8) -> Int {
        guard let row = labels.firstIndex(of: truth), let column = labels.firstIndex(of: prediction) else { return 0 }
        return voxels[row * labels.count + column]
    }

    /// The share of the truth's voxels of one label that the prediction calls another, 0…1; nil where the truth has
    /// none.
    package func share(truth: UInt8, prediction: UInt8) -> Double? {
        let whole = labels.reduce(0) { $0 + voxels(truth: truth, prediction: $1) }
        return whole == 0 ? nil : Double(voxels(truth: truth, prediction: prediction)) / Double(whole)
    }

    /// The shares of every row, in the order of `voxels`; nil throughout a row whose label the truth never has.
    package var shares: [Double?] {
        stride(from: 0, to: voxels.count, by: labels.count).flatMap { start -> [Double?] in
            let row = voxels[start..<start + labels.count]
            let whole = row.reduce(0, +)
            return row.map { whole == 0 ? nil : Double($0) / Double(whole) }
        }
    }
}
