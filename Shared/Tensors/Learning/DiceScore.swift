/// Counts of overlap per class over one case, for the score that picks the best epoch.
///
/// Following MONAI's `MeanDice` without background: a class that the truth lacks is ignored, whatever was predicted.
package struct DiceScore: Sendable {
    private var intersection: [Int]
    private var predicted: [Int]
    private var truth: [Int]

    /// Numbers in `counts`.
    static let countsLength = 3 * 256

    /// All that it is made of, to be sent to another rank.
    var counts: [Int] { intersection + predicted + truth }

    init(counts: ArraySlice<Int>) {
        let all = Array(counts)
        (intersection, predicted, truth) = (Array(all[..<256]), Array(all[256..<512]), Array(all[512...]))
    }

    /// - Precondition: both label maps have the same count of voxels.
    package init(prediction: [UInt8], truth labels: [UInt8]) {
        precondition(
            prediction.count == labels.count, "prediction has \(prediction.count) voxels, truth has \(labels.count)")
        var intersection = [Int](repeating: 0, count: 256)
        var predicted = intersection
        var truth = intersection
        for (guess, label) in zip(prediction, labels) {
            predicted[Int(guess)] += 1
            truth[Int(label)] += 1
            if guess == label { intersection[Int(label)] += 1 }
        }
        self.intersection = intersection
        self.predicted = predicted
        self.truth = truth
    }

    /// Dice of one class; nil if the truth has no voxel of it.
    package subscript(label: Int) -> Double? {
        truth[label] == 0 ? nil : 2 * Double(intersection[label]) / Double(predicted[label] + truth[label])
    }

    /// Dice by class, for the classes 1… that the truth has.
    package var byClass: [Int: Double] {
        Dictionary(uniqueKeysWithValues: (1..<256).compactMap { label in self[label].map { (label, $0) } })
    }
}
