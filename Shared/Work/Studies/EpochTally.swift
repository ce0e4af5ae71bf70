/// How far a training's epochs are, in figures that a list shows.
package struct EpochTally: Sendable, Equatable {
    /// The last that has ended.
    package var epoch: Int
    package var trainingLoss: Double
    /// As the recipe's judge gives it; nil: no epoch was judged.
    package var bestDice: Double?
    package var bestEpoch: Int?
    /// Mean of the latest epochs, at most five.
    package var secondsPerEpoch: Double

    package init(epoch: Int, trainingLoss: Double, bestDice: Double?, bestEpoch: Int?, secondsPerEpoch: Double) {
        self.epoch = epoch
        self.trainingLoss = trainingLoss
        self.bestDice = bestDice
        self.bestEpoch = bestEpoch
        self.secondsPerEpoch = secondsPerEpoch
    }
}
