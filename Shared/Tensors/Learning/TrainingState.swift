/// Where a run stands, beside its weights and moments.
package struct TrainingState: Sendable, Equatable, Codable {
    /// Steps done since the beginning.
    package internal(set) var step = 0
    /// Epochs completed, with their validation.
    package internal(set) var epoch = 0
    package internal(set) var history: [EpochSummary] = []
    package internal(set) var bestEpoch: Int?
    package internal(set) var bestDice: Double?
    /// Sums over the steps of the epoch under way.
    var diceSum = 0.0
    var crossEntropySum = 0.0
}
