import Volumes

/// Sums over the slabs of one volume.
struct Tally {
    private var counts: [Int]
    private var confidence: [Double]

    init(classes: Int) {
        counts = [Int](repeating: 0, count: classes)
        confidence = [Double](repeating: 0, count: classes)
    }

    mutating func add(_ winners: Winners) {
        for label in counts.indices {
            counts[label] += winners.counts[label]
            confidence[label] += winners.confidence[label]
        }
    }

    func summaries(of labels: Volume<UInt8>) -> [ClassSummary] {
        var voxels = [Int](repeating: 0, count: 256)
        for label in labels.voxels { voxels[Int(label)] += 1 }
        return counts.indices.map { label in
            ClassSummary(
                label: label, voxels: voxels[label],
                meanConfidence: label > 0 && counts[label] > 0 ? confidence[label] / Double(counts[label]) : nil)
        }
    }
}
