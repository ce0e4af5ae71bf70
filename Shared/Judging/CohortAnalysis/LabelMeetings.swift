import Metrics

/// How many voxels each pair of truth and prediction shares.
struct LabelMeetings {
    /// A label of the prediction and how many voxels of a class it took.
    struct Other {
        var label: UInt8
        var voxels: Int
    }

    private let taken: [UInt8: [UInt8: Int]]

    init(_ entries: [ConfusionEntry]) {
        var taken: [UInt8: [UInt8: Int]] = [:]
        for entry in entries { taken[entry.truth, default: [:]][entry.prediction, default: 0] += entry.voxels }
        self.taken = taken
    }

    subscript(truth truth: UInt8, prediction prediction: UInt8) -> Int { taken[truth]?[prediction] ?? 0 }

    /// The other class that most voxels of a class of the truth are called, the lowest of several, if it has at least
    /// the given share.
    func mostTaken(_ label: UInt8, share: Double) -> Other? {
        guard let row = taken[label] else { return nil }
        let whole = row.values.reduce(0, +)
        return row.filter {
            $0.key != 0 && $0.key != label && $0.value > 0 && Double($0.value) >= share * Double(whole)
        }
        .map { Other(label: $0.key, voxels: $0.value) }
        .max { ($0.voxels, $1.label) < ($1.voxels, $0.label) }
    }
}
