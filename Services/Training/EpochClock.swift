import Files
import Learning
import Studies

/// The wall time of epochs and of their steps, which a checkpoint must not hold.
struct EpochClock {
    private var epochBegan = ContinuousClock.now
    private var lastEvent = ContinuousClock.now
    private var steps = Duration.zero
    private var waited = 0.0

    /// The trainer is ready for its next step: what it did until here is no step's time.
    mutating func beginSteps() { lastEvent = .now }

    mutating func step(waited seconds: Double) {
        let now = ContinuousClock.now
        steps += now - lastEvent
        waited += seconds
        lastEvent = now
    }

    /// The epoch with what the clock and the process say; the next begins.
    mutating func end(_ summary: EpochSummary) -> EpochMetrics {
        let now = ContinuousClock.now
        var epoch = EpochMetrics(
            epoch: summary.epoch, trainingLoss: summary.loss, validationDice: summary.validationDice,
            learningRate: summary.learningRate, seconds: (now - epochBegan) / .seconds(1))
        (epoch.diceLoss, epoch.crossEntropy) = (summary.dice, summary.crossEntropy)
        epoch.validationDiceByClass = summary.validationDiceByClass.map(Self.byLabel)
        epoch.pseudoDice = summary.pseudoDiceByClass.map(Self.byLabel)
        (epoch.validationLoss, epoch.judgedDice) = (summary.validationLoss, summary.judgedDice)
        epoch.rateHalvings = summary.rateHalvings
        let seconds = steps / .seconds(1)
        epoch.waitedShare = seconds > 0 ? min(1, max(0, waited / seconds)) : nil
        epoch.peakMemoryInBytes = ProcessMemory.peakBytes()
        self = EpochClock()
        return epoch
    }

    private static func byLabel(_ values: [Int: Double]) -> [String: Double] {
        Dictionary(uniqueKeysWithValues: values.map { (String($0.key), $0.value) })
    }
}
