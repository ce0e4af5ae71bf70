/// Where a run stands, beside its weights and moments.
package struct TrainingState: Sendable, Equatable, Codable {
    /// Steps done since the beginning; those that a return undid do not count.
    package internal(set) var step = 0
    /// The steps that were done when the epoch under way began.
    package internal(set) var epochFirstStep = 0
    /// Epochs completed, with their validation.
    package internal(set) var epoch = 0
    package internal(set) var history: [EpochSummary] = []
    package internal(set) var bestEpoch: Int?
    /// The best epoch's score, as the recipe's judge gives it.
    package internal(set) var bestDice: Double?
    /// How often the rate was halved because the loss was no longer a number.
    package internal(set) var rateHalvings = 0
    /// nnU-Net's running average of the pseudo-Dice.
    package internal(set) var averagePseudoDice: Double?
    /// How many ranks made the steps, as long as they were not one; nil: one made all.
    package private(set) var ranks: [RankSpan]?
    /// Sums over the steps of the epoch under way.
    var diceSum = 0.0
    var crossEntropySum = 0.0

    init() {}

    /// Steps that were made by the same number of ranks.
    package struct RankSpan: Sendable, Equatable, Codable {
        /// From 1.
        package let fromStep: Int
        package let ranks: Int
    }

    /// That the last step was made by so many. Steps that a return undid are forgotten.
    mutating func note(ranks count: Int) {
        var spans = (ranks ?? []).filter { $0.fromStep < step }
        if spans.last?.ranks ?? 1 != count { spans.append(RankSpan(fromStep: step, ranks: count)) }
        ranks = spans.isEmpty ? nil : spans
    }

    /// Checkpoints of older programs lack what came later.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        step = try values.decode(Int.self, forKey: .step)
        epochFirstStep = try values.decodeIfPresent(Int.self, forKey: .epochFirstStep) ?? 0
        epoch = try values.decode(Int.self, forKey: .epoch)
        history = try values.decode([EpochSummary].self, forKey: .history)
        bestEpoch = try values.decodeIfPresent(Int.self, forKey: .bestEpoch)
        bestDice = try values.decodeIfPresent(Double.self, forKey: .bestDice)
        rateHalvings = try values.decodeIfPresent(Int.self, forKey: .rateHalvings) ?? 0
        averagePseudoDice = try values.decodeIfPresent(Double.self, forKey: .averagePseudoDice)
        ranks = try values.decodeIfPresent([RankSpan].self, forKey: .ranks)
        diceSum = try values.decode(Double.self, forKey: .diceSum)
        crossEntropySum = try values.decode(Double.self, forKey: .crossEntropySum)
    }
}
