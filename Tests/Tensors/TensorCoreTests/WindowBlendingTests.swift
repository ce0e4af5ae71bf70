import Foundation
import TensorCore
import Testing

/// Each run of voxels against the same in plain words, at lengths around the vectors' eight.
@Suite struct WindowBlendingTests {
    static let counts = [1, 7, 8, 9, 16, 31, 96]

    private func values(_ count: Int, seed: Int) -> [Float] {
        (0..<count).map { Float(($0 * 7919 + seed * 104729) % 1999) / 1000 - 1 }
    }

    @Test(arguments: counts, [false, true])
    func rowsAreAddedWeightedAndTurned(count: Int, descends: Bool) {
        let (weights, source) = (values(count, seed: 1), values(count, seed: 2))
        // A guard value on either side, which must stay.
        var target: [Float] = [77] + values(count, seed: 3) + [77]
        let expected = (0..<count).map {
            target[$0 + 1].addingProduct(weights[$0], source[descends ? count - 1 - $0 : $0])
        }
        let stray = target.withUnsafeMutableBufferPointer { target in
            source.withUnsafeBufferPointer { source in
                addWeighted(
                    target.baseAddress! + 1, weights, source.baseAddress! + (descends ? count - 1 : 0), count: count,
                    descends: descends)
            }
        }
        #expect(stray == 0)
        #expect(target.first == 77 && target.last == 77)
        for (value, truth) in zip(target[1...], expected) { #expect(abs(value - truth) <= 1e-6) }
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity], [0, 5, 8, 10])
    func strayNumbersAreTold(value: Float, place: Int) {
        var source = values(11, seed: 4)
        source[place] = value
        var target = [Float](repeating: 0, count: 11)
        let stray = addWeighted(&target, [Float](repeating: 1, count: 11), source, count: 11, descends: false)
        #expect(stray.isNaN)
    }

    @Test(arguments: counts)
    func sumsAreDividedByTheirWeights(count: Int) {
        let weights = (0..<count).map { $0 % 3 == 1 ? 0 : Float($0 + 1) }
        var target = values(count, seed: 5)
        let expected = zip(target, weights).map { $1 == 0 ? -16 : $0 / $1 }
        divideRow(&target, by: weights, unseen: -16, count: count)
        #expect(target == expected)
    }

    @Test(arguments: counts)
    func theHighestClassWinsAndTheLowestOfEquals(count: Int) {
        let classes = 5
        // Few values, so that many are equal.
        let logits = (0..<classes * count).map { Float(($0 * 7919) % 4) }
        var (winners, highest) = ([Float](repeating: -1, count: count), [Float](repeating: -1, count: count))
        winningClasses(&winners, &highest, logits, stride: count, classes: classes, count: count)
        var labels = [UInt8](repeating: 99, count: count)
        writeLabels(&labels, winners, count: count)
        for voxel in 0..<count {
            let column = (0..<classes).map { logits[$0 * count + voxel] }
            let best = column.max()!
            #expect(highest[voxel] == best && Int(labels[voxel]) == column.firstIndex(of: best))
        }
    }

    /// Against p and −Σ p ln p in double precision: from ties of all classes to logits so far apart that exp gives 0.
    @Test(arguments: counts, [Float(0), 0.5, 3, 40, 500])
    func probabilitiesAndEntropiesOfTheWinnersAreSummed(count: Int, scale: Float) {
        let classes = 26
        let logits = values(classes * count, seed: 6).map { $0 * scale }
        var (winners, highest) = ([Float](repeating: -1, count: count), [Float](repeating: -1, count: count))
        winningClasses(&winners, &highest, logits, stride: count, classes: classes, count: count)
        // Voxels of background between the others, which must not be summed.
        for voxel in stride(from: 0, to: count, by: 3) { winners[voxel] = 0 }
        if scale == 0 { for voxel in stride(from: 1, to: count, by: 3) { winners[voxel] = 7 } }
        var (probabilities, entropies) = (
            [Double](repeating: 1, count: classes), [Double](repeating: 2, count: classes)
        )
        addWinningCertainties(
            &probabilities, &entropies, winners, highest, logits, stride: count, classes: classes, count: count)
        var expected = (
            probabilities: [Double](repeating: 1, count: classes), entropies: [Double](repeating: 2, count: classes)
        )
        for voxel in 0..<count where winners[voxel] > 0 {
            let column = (0..<classes).map { Double(logits[$0 * count + voxel]) }
            let terms = column.map { exp($0 - column.max()!) }
            let shares = terms.map { $0 / terms.reduce(0, +) }
            expected.probabilities[Int(winners[voxel])] += shares.max()!
            expected.entropies[Int(winners[voxel])] -= shares.reduce(0) { $0 + ($1 > 0 ? $1 * log($1) : 0) }
        }
        for label in 0..<classes {
            #expect(abs(probabilities[label] - expected.probabilities[label]) < 1e-5)
            #expect(abs(entropies[label] - expected.entropies[label]) < 1e-5)
        }
    }

    @Test(arguments: counts)
    func challengersBetweenRowsAreInterpolated(count: Int) {
        let rows = (0..<6).map { values(count, seed: 10 + $0) }
        var (winners, highest) = ([Float](repeating: 9, count: count), [Float](repeating: 9, count: count))
        for label in 0..<3 {
            challenge(
                &winners, &highest, between: rows[2 * label], and: rows[2 * label + 1], weight: 0.3, label: label,
                count: count)
        }
        for voxel in 0..<count {
            let column = (0..<3).map { label -> Float in
                let (near, far) = (rows[2 * label][voxel], rows[2 * label + 1][voxel])
                return near + 0.3 * (far - near)
            }
            let best = column.max()!
            #expect(abs(highest[voxel] - best) < 1e-6 && best - column[Int(winners[voxel])] < 1e-6)
        }
    }

    @Test func rowsAreInterpolatedAlongThemselves() {
        let source: [Float] = [1, 3, 7, 7]
        var target = [Float](repeating: 0, count: 4)
        interpolateRow(&target, along: source, lower: [0, 0, 1, 2], fraction: [0, 0.5, 0.25, 0], count: 4)
        #expect(target == [1, 2, 4, 7])
    }
}
