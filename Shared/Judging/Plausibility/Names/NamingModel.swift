package import Anatomy
import Foundation
import Volumes

/// What names of pieces cost: the sum that `NamePath` makes smallest. A candidate vertebra is a run of pieces.
package struct NamingModel: Sendable {
    package let pieces: [SpinePiece]
    package let levels: [SpineLevel]
    /// By how many levels the network may be off.
    package let shifts: [Int]
    package let weights: NamingWeights
    /// Voxel value of each level, by position; nil where the label set has none.
    private let values: [UInt8?]
    /// By rank, all regular levels of the label set: its values from the head down.
    private let valueOfRank: [UInt8?]

    /// - Parameter isAnchored: without an anchor nothing can tell that the network is off, so its names stay.
    package init(
        _ pieces: [SpinePiece], labelSet: LabelSet, isAnchored: Bool, weights: NamingWeights = NamingWeights(),
        levels: [SpineLevel]? = nil
    ) {
        self.pieces = pieces
        self.weights = weights
        let values = SpineLevel.all.map { labelSet.value(of: $0.name) }
        self.values = values
        self.levels = levels ?? SpineLevel.all.filter { values[$0.position] != nil || !$0.isRegular }
        shifts = isAnchored ? Array(-weights.mostShift...weights.mostShift) : [0]
        valueOfRank = SpineLevel.all.filter(\.isRegular).map { values[$0.position] }
    }

    package func value(of level: SpineLevel) -> UInt8? { values[level.position] }

    /// Pieces that may be one vertebra, in the order of their ends.
    package func candidates() -> [Range<Int>] {
        pieces.indices.flatMap { start in
            (start + 1...min(start + weights.mostJoined, pieces.count)).map { start..<$0 }
        }
    }

    // MARK: What one vertebra costs

    /// That these pieces are one vertebra of this level, whatever the network says; infinite where they cannot be.
    package func shapeCost(_ run: Range<Int>, _ joined: SpinePiece, _ level: SpineLevel, size: Double) -> Double {
        let joints = zip(pieces[run], pieces[run].dropFirst())
        let strangers = Double(joints.count { $0.thing != $1.thing })
        guard level != .sacrum else { return sacrumCost(run) }
        var cost = strangers * weights.merge
        if run.count > 1, let first = pieces[run].first, let last = pieces[run].last {
            let spread = abs(last.place - first.place) / (level.gapBelowInMillimetres * size)
            let beyond = max(0, spread - weights.mergeTolerance) / weights.mergeDeviation
            guard beyond < weights.mostOfMerge else { return .infinity }
            cost += beyond * beyond / 2
        }
        let ratio = log(joined.volumeInMillilitres / (level.volumeInMillilitres * size * size * size))
        // Of a vertebra that the field of view cuts, how little is there says nothing.
        let off = joined.isCut && ratio < 0 ? 0 : max(0, abs(ratio) - weights.volumeTolerance) / weights.volumeDeviation
        return cost + min(off * off / 2, weights.mostOfVolume)
    }

    /// Its parts are many, but a vertebra on top of it is none of them.
    private func sacrumCost(_ run: Range<Int>) -> Double {
        guard let value = values[SpineLevel.sacrum.position], run.count > 1 else { return 0 }
        let others = pieces[run].count { $0.votes[Int(value)] < 0.5 }
        return weights.intoSacrum * Double(min(others, run.count - 1))
    }

    /// That the network says what it says of a vertebra of this level, when it is `shift` levels off (1: it says L2 of
    /// L1).
    package func voteCost(_ votes: [Double], _ level: SpineLevel, shift: Int) -> Double {
        // Of a vertebra that has no name of its own the network says either neighbour's.
        let ranks = level.isRegular ? [level.rank] : [level.rank - 1, level.rank]
        let chances = ranks.map { chance(votes, rank: $0 + shift) }
        let likelihood = chances.reduce(0, +) / Double(chances.count)
        let cost = (shift == 0 ? 0 : weights.shifted) - log(max(likelihood, 1e-4))
        return cost + distinctCost(votes, level) + weights.sacrumForVertebra * disagreement(votes, level, .sacrum)
    }

    /// Atlas and axis, like the sacrum, look like no neighbour.
    private func distinctCost(_ votes: [Double], _ level: SpineLevel) -> Double {
        let off = max(disagreement(votes, level, .c1), disagreement(votes, level, .c2))
        return weights.distinctForOther * off
    }

    /// How much of what the network says is that it is `one` while it is not, or the reverse, 0 … 1.
    private func disagreement(_ votes: [Double], _ level: SpineLevel, _ one: SpineLevel) -> Double {
        guard let value = values[one.position] else { return 0 }
        let said = votes.reduce(0, +)
        return level == one ? said - votes[Int(value)] : votes[Int(value)]
    }

    private func chance(_ votes: [Double], rank: Int) -> Double {
        let last = weights.confusion.count - 1
        var (sum, said) = (0.0, 0.0)
        for (place, value) in valueOfRank.enumerated() {
            guard let value, votes[Int(value)] > 0 else { continue }
            said += votes[Int(value)]
            sum += votes[Int(value)] * weights.confusion[min(last, abs(place - rank))]
        }
        // Who says nothing speaks against none.
        return sum + (1 - said) * weights.confusion[0]
    }

    package func leftOutCost(_ piece: SpinePiece, size: Double) -> Double {
        weights.noVertebra + weights.noVertebraOfSize * min(1, piece.volumeInMillilitres / (25 * size * size * size))
    }

    package func leftOutCost(_ run: Range<Int>, size: Double) -> Double {
        pieces[run].reduce(0) { $0 + leftOutCost($1, size: size) }
    }

    // MARK: What lies between two

    /// The cheapest explanation of two vertebrae as next to each other; nil if there is none.
    package func step(
        distance: Double, anyCut: Bool, size: Double, _ steps: [LevelStep]
    ) -> (step: LevelStep, cost: Double)? {
        var best: (step: LevelStep, cost: Double)?
        for step in steps {
            let cost = step.cost + gapCost(distance, step, anyCut: anyCut, size: size)
            if cost < best?.cost ?? .infinity { best = (step, cost) }
        }
        return best
    }

    package func gapCost(_ distance: Double, _ step: LevelStep, anyCut: Bool, size: Double) -> Double {
        let expected = step.gapInMillimetres * size
        let deviation = anyCut ? max(step.deviationInMillimetres, 0.3 * expected) : step.deviationInMillimetres * size
        let z = (distance - expected) / deviation
        return -log(exp(-z * z / 2) + exp(-weights.mostOfGap))
    }

    /// Of a cut between the last piece of one vertebra and the first of the next.
    package func cutCost(_ upper: SpinePiece, _ lower: SpinePiece) -> Double {
        upper.thing == lower.thing ? weights.cut + weights.cutThroughBone * upper.sectionBelow : 0
    }

    package func startCost(shift: Int) -> Double { weights.shiftAtStart * Double(abs(shift)) }
    package func changeCost(_ shift: Int, _ other: Int) -> Double { weights.shiftChange * Double(abs(shift - other)) }
    package func sizeCost(_ size: Double) -> Double {
        let z = log(size) / weights.sizeDeviation
        return z * z / 2
    }
}
