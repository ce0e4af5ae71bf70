import Anatomy
import Plausibility
import Statistics
import Testing

/// The path is compared with all there are: of a few pieces every way to take them for vertebrae, to name these and to
/// have the network off is tried.
struct NamePathTests {
    private static let levels = ["T11", "T12", "T13", "L1", "L2", "L5", "L6", "sacrum"].compactMap(
        SpineLevel.init(name:))

    private static func weights() -> NamingWeights {
        var weights = NamingWeights()
        weights.mostShift = 1
        weights.sizes = [0.9, 1.1]
        weights.mostJoined = 2
        weights.mostLeftOut = 1
        return weights
    }

    private static func pieces(_ count: Int, _ random: inout SplitMix64) -> [SpinePiece] {
        func unit() -> Double { Double(random.nextUnitFloat()) }
        var (place, pieces): (Double, [SpinePiece]) = (0, [])
        for index in 0..<count {
            place += 8 + 35 * unit()
            var votes = [Double](repeating: 0, count: 256)
            for _ in 0..<2 { votes[17 + Int(unit() * 9)] += 0.5 }
            let isCutOff = index > 0 && unit() < 0.4
            pieces.append(
                SpinePiece(
                    thing: isCutOff ? pieces[index - 1].thing : index, place: place,
                    centre: SIMD3(10 * unit(), 10 * unit(), -place), volumeInMillilitres: 5 + 60 * unit(), votes: votes,
                    isCut: unit() < 0.2, sectionBelow: unit()))
        }
        return pieces
    }

    private struct Choice {
        let run: Range<Int>
        let level: SpineLevel
        let shift: Int
    }

    /// What a choice costs, by the definition: a sum over vertebrae, over what lies between them and is left out.
    private static func cost(_ choices: [Choice], _ model: NamingModel, size: Double) -> Double {
        var cost = model.sizeCost(size) + model.startCost(shift: choices[0].shift)
        var taken = Set<Int>()
        for (place, choice) in choices.enumerated() {
            let joined = SpinePiece(model.pieces[choice.run])
            taken.formUnion(choice.run)
            cost += model.shapeCost(choice.run, joined, choice.level, size: size)
            cost += model.voteCost(joined.votes, choice.level, shift: choice.shift)
            guard place + 1 < choices.count else { continue }
            let next = choices[place + 1]
            let distance = SpinePiece(model.pieces[next.run]).centre - joined.centre
            let steps = LevelStep.between(choice.level, next.level, model.weights)
            let between = steps.map {
                $0.cost
                    + model.gapCost(
                        (distance * distance).sum().squareRoot(), $0,
                        anyCut: joined.isCut || model.pieces[next.run].contains(where: \.isCut), size: size)
            }
            cost += between.min() ?? .infinity
            cost += model.changeCost(choice.shift, next.shift)
            if next.run.lowerBound == choice.run.upperBound {
                cost += model.cutCost(model.pieces[choice.run.upperBound - 1], model.pieces[next.run.lowerBound])
            }
        }
        for place in model.pieces.indices where !taken.contains(place) {
            cost += model.leftOutCost(model.pieces[place], size: size)
        }
        return cost
    }

    /// The least cost over all choices from piece `start` on, after `choices`.
    private static func least(_ choices: [Choice], from start: Int, _ model: NamingModel, size: Double) -> Double {
        var least = Double.infinity
        if !choices.isEmpty, model.pieces.count - start <= model.weights.mostLeftOut {
            least = cost(choices, model, size: size)
        }
        for first in start..<min(model.pieces.count, start + model.weights.mostLeftOut + 1) {
            for end in first + 1...min(model.pieces.count, first + model.weights.mostJoined) {
                for level in model.levels where choices.last.map({ $0.level < level }) ?? true {
                    for shift in model.shifts {
                        let choice = Choice(run: first..<end, level: level, shift: shift)
                        least = min(least, Self.least(choices + [choice], from: end, model, size: size))
                    }
                }
            }
        }
        return least
    }

    @Test(arguments: 0..<18)
    func noOtherPathIsCheaper(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let pieces = Self.pieces(1 + seed % 3, &random)
        let model = NamingModel(
            pieces, labelSet: .spine25, isAnchored: seed % 3 > 0, weights: Self.weights(), levels: Self.levels)
        let path = NamePath(model)
        let least = model.weights.sizes.map { Self.least([], from: 0, model, size: $0) }.min() ?? .infinity
        guard least < .infinity else {
            #expect(path == nil)
            return
        }
        let found = try #require(path)
        #expect(abs(found.cost - least) < 1e-9, "found \(found.cost), there is one of \(least)")
        let choices = found.vertebrae.map { Choice(run: $0.run, level: $0.level, shift: $0.shift) }
        #expect(abs(Self.cost(choices, model, size: found.size) - found.cost) < 1e-9)
    }
}
