import Anatomy
import Foundation
import Volumes

/// The cheapest way to take pieces along a spine for vertebrae and to name them: exact, by dynamic programming over
/// (run of pieces, level, how far the network is off), from the feet up, once for each size of the patient. With n
/// pieces, L levels and S shifts O(n L S²) steps, for a run, a step and a gap of vertebrae are short.
///
/// A hidden semi-Markov model: Viterbi's algorithm (IEEE Trans Inf Theory 1967;13:260) with segments of several pieces.
package struct NamePath: Sendable, Equatable {
    package struct Vertebra: Sendable, Equatable {
        package let run: Range<Int>
        package let level: SpineLevel
        /// How many levels lower the network's names are here.
        package let shift: Int
        /// How the next one follows; nil of the last.
        package let step: LevelStep?
    }

    /// From the head down.
    package let vertebrae: [Vertebra]
    package let cost: Double
    /// Of the patient, relative to the middling one.
    package let size: Double
    /// The cheapest path whose first vertebra is of another level, and that level.
    package let alternative: (level: SpineLevel, cost: Double)?

    package static func == (left: Self, right: Self) -> Bool {
        left.vertebrae == right.vertebrae && left.cost == right.cost && left.size == right.size
    }

    /// Nil where there is no piece, or where leaving all of them out is the cheapest.
    package init?(_ model: NamingModel) {
        guard !model.pieces.isEmpty else { return nil }
        let table = PathTable(model)
        let paths = model.weights.sizes.compactMap { table.path(size: $0) }
        guard let best = paths.min(by: { $0.cost < $1.cost }) else { return nil }
        let others = paths.flatMap(\.starts).filter {
            $0.run == best.vertebrae[0].run && $0.level != best.vertebrae[0].level
        }
        self.init(
            vertebrae: best.vertebrae, cost: best.cost, size: best.size,
            alternative: others.min { $0.cost < $1.cost }.map { ($0.level, $0.cost) })
    }

    fileprivate init(
        vertebrae: [Vertebra], cost: Double, size: Double, alternative: (level: SpineLevel, cost: Double)?
    ) {
        (self.vertebrae, self.cost, self.size, self.alternative) = (vertebrae, cost, size, alternative)
    }
}

/// What does not depend on the size, and the search for one size.
private struct PathTable {
    struct Found {
        let vertebrae: [NamePath.Vertebra]
        let cost: Double
        let size: Double
        let starts: [(run: Range<Int>, level: SpineLevel, cost: Double)]
    }

    private let model: NamingModel
    private let runs: [Range<Int>]
    private let joined: [SpinePiece]
    /// By the first piece of a run: places in `runs`.
    private let beginning: [[Int]]
    /// By run, level, shift.
    private let votes: [Double]
    /// By level: which levels may come next, and how.
    private let next: [[(level: Int, steps: [LevelStep])]]
    private let (levels, shifts): (Int, Int)

    init(_ model: NamingModel) {
        self.model = model
        let runs = model.candidates()
        let joined = runs.map { SpinePiece(model.pieces[$0]) }
        self.runs = runs
        self.joined = joined
        (levels, shifts) = (model.levels.count, model.shifts.count)
        beginning = model.pieces.indices.map { start in runs.indices.filter { runs[$0].lowerBound == start } }
        votes = joined.flatMap { piece in
            model.levels.flatMap { level in
                model.shifts.map { model.voteCost(piece.votes, level, shift: $0) }
            }
        }
        next = model.levels.map { upper in
            model.levels.enumerated().compactMap { place, lower in
                let steps = LevelStep.between(upper, lower, model.weights)
                return steps.isEmpty ? nil : (place, steps)
            }
        }
    }

    private func index(_ run: Int, _ level: Int, _ shift: Int) -> Int { (run * levels + level) * shifts + shift }

    private struct Onward {
        var cost = Double.infinity
        /// State that comes next; nil: none does.
        var state: Int?
        var step: LevelStep?
    }

    func path(size: Double) -> Found? {
        var costs = [Double](repeating: .infinity, count: runs.count * levels * shifts)
        var onwards = [Onward](repeating: Onward(), count: costs.count)
        // By state: the cheapest state of its run and level, the change to it included.
        var reached = onwards
        // Levels of each run that it can have.
        var possible = [[Bool]](repeating: [Bool](repeating: false, count: levels), count: runs.count)
        for run in runs.indices.sorted(by: { runs[$0].lowerBound > runs[$1].lowerBound }) {
            for level in 0..<levels {
                let shape = model.shapeCost(runs[run], joined[run], model.levels[level], size: size)
                guard shape < .infinity else { continue }
                let ways = onward(run, level, size: size, reached, possible)
                let first = index(run, level, 0)
                for shift in 0..<shifts {
                    onwards[first + shift] = ways[shift]
                    costs[first + shift] = shape + votes[first + shift] + ways[shift].cost
                }
                possible[run][level] = ways.contains { $0.cost < .infinity }
                for shift in 0..<shifts {
                    for changed in 0..<shifts {
                        let cost =
                            costs[first + changed] + model.changeCost(model.shifts[shift], model.shifts[changed])
                        if cost < reached[first + shift].cost {
                            reached[first + shift] = Onward(cost: cost, state: first + changed)
                        }
                    }
                }
            }
        }
        return best(costs, onwards, size: size)
    }

    /// By shift, the cheapest continuation below.
    private func onward(_ run: Int, _ level: Int, size: Double, _ reached: [Onward], _ possible: [[Bool]]) -> [Onward] {
        let end = runs[run].upperBound
        var ways = [Onward](repeating: Onward(), count: shifts)
        if model.pieces.count - end <= model.weights.mostLeftOut {
            let cost = model.leftOutCost(end..<model.pieces.count, size: size)
            for shift in 0..<shifts { ways[shift].cost = cost }
        }
        for start in end..<min(model.pieces.count, end + model.weights.mostLeftOut + 1) {
            let leftOut = model.leftOutCost(end..<start, size: size)
            let cut = start == end ? model.cutCost(model.pieces[end - 1], model.pieces[start]) : 0
            for other in beginning[start] {
                let distance = (joined[run].centre - joined[other].centre).length
                let anyCut = joined[run].isCut || joined[other].isCut
                for (lower, steps) in next[level] where possible[other][lower] {
                    guard
                        let (step, cost) = model.step(distance: distance, anyCut: anyCut, size: size, steps)
                    else { continue }
                    let (between, first) = (leftOut + cut + cost, index(other, lower, 0))
                    for shift in 0..<shifts where between + reached[first + shift].cost < ways[shift].cost {
                        ways[shift] = Onward(
                            cost: between + reached[first + shift].cost, state: reached[first + shift].state, step: step
                        )
                    }
                }
            }
        }
        return ways
    }

    private func best(_ costs: [Double], _ onwards: [Onward], size: Double) -> Found? {
        var starts: [(run: Range<Int>, level: SpineLevel, cost: Double)] = []
        var (lowest, first) = (Double.infinity, -1)
        for run in runs.indices where runs[run].lowerBound <= model.weights.mostLeftOut {
            let before = model.leftOutCost(0..<runs[run].lowerBound, size: size) + model.sizeCost(size)
            for level in 0..<levels {
                var cheapest = Double.infinity
                for shift in 0..<shifts {
                    let state = index(run, level, shift)
                    let cost = before + model.startCost(shift: model.shifts[shift]) + costs[state]
                    cheapest = min(cheapest, cost)
                    if cost < lowest { (lowest, first) = (cost, state) }
                }
                if cheapest < .infinity { starts.append((runs[run], model.levels[level], cheapest)) }
            }
        }
        guard first >= 0, lowest < .infinity else { return nil }
        return Found(vertebrae: trace(first, onwards), cost: lowest, size: size, starts: starts)
    }

    private func trace(_ first: Int, _ onwards: [Onward]) -> [NamePath.Vertebra] {
        var vertebrae: [NamePath.Vertebra] = []
        var state: Int? = first
        while let current = state {
            let (shift, level, run) = (current % shifts, current / shifts % levels, current / shifts / levels)
            vertebrae.append(
                NamePath.Vertebra(
                    run: runs[run], level: model.levels[level], shift: model.shifts[shift], step: onwards[current].step)
            )
            state = onwards[current].state
        }
        return vertebrae
    }
}
