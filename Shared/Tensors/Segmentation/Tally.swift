import Foundation
import Volumes

/// Sums over the slabs of one volume.
struct Tally {
    private var counts: [Int]
    private var confidence: [Double]
    private var entropy: [Double]
    /// The label of each class.
    private let labels: [Int]

    /// - Parameter labels: of each class, where they are not the same (`Plan.classLabels`).
    init(classes: Int, labels: [Int]? = nil) {
        self.labels = labels ?? Array(0..<classes)
        counts = [Int](repeating: 0, count: (self.labels.max() ?? 0) + 1)
        confidence = [Double](repeating: 0, count: counts.count)
        entropy = confidence
    }

    mutating func add(_ winners: Winners) {
        for (number, label) in labels.enumerated() {
            counts[label] += winners.counts[number]
            confidence[label] += winners.confidence[number]
            entropy[label] += winners.entropy[number]
        }
    }

    func summaries(of labels: Volume<UInt8>) -> [ClassSummary] {
        let voxels = labels.labelCounts
        let most = log(Double(max(2, self.labels.count)))
        return counts.indices.map { label in
            let won = label > 0 && counts[label] > 0 ? Double(counts[label]) : nil
            return ClassSummary(
                label: label, voxels: voxels[label], meanConfidence: won.map { min(1, confidence[label] / $0) },
                meanEntropy: won.map { min(1, entropy[label] / ($0 * most)) })
        }
    }
}
