package struct EpochMetrics: Sendable, Codable, Equatable {
    /// From 1.
    package var epoch: Int
    package var trainingLoss: Double
    package var validationDice: Double?
    package var learningRate: Double
    package var seconds: Double

    package init(epoch: Int, trainingLoss: Double, validationDice: Double?, learningRate: Double, seconds: Double) {
        self.epoch = epoch
        self.trainingLoss = trainingLoss
        self.validationDice = validationDice
        self.learningRate = learningRate
        self.seconds = seconds
    }
}
