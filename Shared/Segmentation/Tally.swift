import Foundation
import Volumes

/// Sums over the slabs of one volume.
struct Tally {
    private var counts: [Int]
    private var confidence: [Double]
    private var entropy: [Double]

    init(classes: Int) {
        counts = [Int](repeating: 0, count: classes)
        confidence = [Double](repeating: 0, count: classes)
        entropy = confidence
    }

    mutating func add(_ winners: Winners) {
        for label in counts.indices {
            counts[label] += winners.counts[label]
            confidence[label] += winners.confidence[label]
            entropy[label] += winners.entropy[label]
        }
    }

    func summaries(of labels: Volume<UInt8>) -> [ClassSummary] {
        var voxels = [Int](repeating: 0, count: 256)
        for label in labels.voxels { voxels[Int(label)] += 1 }
        let most = log(Double(max(2, counts.count)))
        return counts.indices.map { label in
            let won = label > 0 && counts[label] > 0 ? Double(counts[label]) : nil
            return ClassSummary(
                label: label, voxels: voxels[label], meanConfidence: won.map { min(1, confidence[label] / $0) },
                meanEntropy: won.map { min(1, entropy[label] / ($0 * most)) })
        }
    }
}
