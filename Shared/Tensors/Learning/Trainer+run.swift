import Augmentation
import Faults
import Networks
import Plans
import Ranks
import TensorCore

extension Trainer {
    /// What changes from step to step.
    struct Run {
        var network: Network
        var optimizer: Optimizer
        var state = TrainingState()
        var averaged: Parameters?
        var best: Parameters?
        /// Nil at the beginning of an epoch: it is what stands above.
        var epochStart: Checkpoint.EpochStart?

        /// The weights that validation judges.
        var judged: Parameters { averaged ?? network.parameters }
    }

    func begun(initial: Parameters?) throws -> Run {
        let network =
            try initial.map { try Network(configuration: plan.network, parameters: $0) }
            ?? Network(configuration: plan.network, seed: recipe.seed)
        return Run(
            network: network, optimizer: Optimizer(recipe, parameters: network.parameters),
            averaged: recipe.averaging.map { _ in network.parameters })
    }

    func resumed(_ checkpoint: Checkpoint) throws -> Run {
        var known = checkpoint.recipe
        // Without a schedule the rate doesn't depend on the number of epochs, so such a run may be prolonged.
        if recipe.schedule == .constant { known.epochs = recipe.epochs }
        guard checkpoint.plan == plan, known == recipe, checkpoint.split == split else {
            let part =
                checkpoint.plan != plan
                ? "plan" : known != recipe ? "recipe" : "split into training and validation cases"
            throw LearningError(
                .unreadableCheckpoint, "checkpoint was made with another \(part); resume with the same or begin anew")
        }
        var state = checkpoint.state
        // Checkpoints of older programs don't say it.
        state.epochFirstStep = state.epoch * stepsPerEpoch
        return Run(
            network: try Network(configuration: plan.network, parameters: checkpoint.parameters),
            optimizer: checkpoint.optimizer,
            state: state,
            averaged: checkpoint.averaged,
            // A checkpoint taken right after its best epoch doesn't hold the same weights twice.
            best: checkpoint.best
                ?? checkpoint.state.bestEpoch.map { _ in checkpoint.averaged ?? checkpoint.parameters },
            epochStart: checkpoint.epochStart)
    }

    func checkpoint(_ run: Run) -> Checkpoint {
        let isBest = run.state.bestEpoch == run.state.epoch && run.state.step == run.state.epochFirstStep
        return Checkpoint(
            plan: plan, recipe: recipe, split: split, parameters: run.network.parameters, optimizer: run.optimizer,
            state: run.state, averaged: run.averaged, best: isBest ? nil : run.best, epochStart: run.epochStart)
    }

    /// The case that a crop is from.
    func caseOf(crop number: Int) throws -> LoadedCase {
        // The first of the generated cases are kept for validation.
        if cases.areGenerated { return try cache.loadOnce(cases.count + number) }
        let training = split.training
        switch recipe.caseOrder {
        case .rounds:
            // The cases go round in an order shuffled anew for each round, so every case is drawn equally often.
            var random = StepRandom(seed: recipe.seed, purpose: .order, index: number / training.count)
            return try cache.load(random.shuffled(training)[number % training.count])
        case .draws:
            var random = StepRandom(seed: recipe.seed, purpose: .order, index: number)
            return try cache.load(training[random.below(training.count)])
        }
    }

    /// One step, or the return to the epoch's beginning where its loss, gradient or the epoch's last weights are no
    /// numbers.
    func step(_ run: inout Run, _ loader: BatchLoader) throws -> TrainingEvent {
        let number = run.state.step
        let (batch, waited) = try loader.batch(step: number)
        var dropout = StepRandom(seed: recipe.seed, purpose: .dropout, index: number)
        var terms = (dice: 0.0, crossEntropy: 0.0)
        var (loss, gradients) = try run.network.trainingStep(
            batch.image,
            dropoutSeed: plan.network.dropoutSeed(dropout.next(), afterSamples: exchange.rank * share), by: execution,
            allHeads: usesAllHeads
        ) { heads in
            terms = recipe.lossValue(&heads, labels: batch.labels, exchange: exchange, pool: pool)
            return terms.dice + terms.crossEntropy
        }
        // From here on all ranks have the same numbers, and so decide alike.
        gradients.sum(over: exchange)
        guard loss.isFinite else { return try returned(&run, "the loss is \(loss)") }
        let norm = gradients.norm
        guard norm.isFinite else { return try returned(&run, "the gradient's length is \(norm)") }
        if let limit = recipe.gradientNorm { gradients.shorten(to: limit, norm: norm) }
        if run.state.step == run.state.epochFirstStep {
            run.epochStart = Checkpoint.EpochStart(
                parameters: run.network.parameters, optimizer: run.optimizer, averaged: run.averaged)
        }
        let rate = rate(atStep: number, run.state)
        run.optimizer.update(
            &run.network.parameters, gradients: gradients, learningRate: rate, factor: recipe.rateFactor, pool: pool)
        // The next step would see it, but there is no way back from the beginning of the next epoch. Squares of weights
        // beyond 1e18 overflow single precision.
        let isLast = number + 1 == run.state.epochFirstStep + stepsPerEpoch
        let weights = isLast ? run.network.parameters.norm : 0
        guard weights < 1e18 else {
            return try returned(&run, "the weights have grown beyond what can be computed with")
        }
        if isLast { try requireAgreement(weights) }
        run.state.step += 1
        run.state.note(ranks: exchange.count)
        if let decay = recipe.averaging {
            // Young averages forget their beginning, which is noise.
            let young = Double(1 + run.state.step) / Double(10 + run.state.step)
            run.averaged?.approach(run.network.parameters, decay: min(decay, young), pool: pool)
        }
        run.state.diceSum += terms.dice
        run.state.crossEntropySum += terms.crossEntropy
        return .step(
            StepSummary(
                step: number + 1, steps: steps, epoch: run.state.epoch + 1, loss: loss, dice: terms.dice,
                crossEntropy: terms.crossEntropy, learningRate: rate, waitedSeconds: waited))
    }

    /// Ranks step each for itself, from the same numbers to the same numbers; by other instructions or another C library
    /// they might not.
    private func requireAgreement(_ norm: Double) throws {
        guard exchange.gathered([norm.bitPattern]).contains(where: { $0 != norm.bitPattern }) else { return }
        throw LearningError(
            .ranksDiffer,
            "the ranks' weights are no longer the same: let them run on hosts of one kind, with one version of the program and of the C library"
        )
    }

    private func rate(atStep step: Int, _ state: TrainingState) -> Double {
        recipe.learningRate(atStep: step, of: steps) * Self.rateFactor(state)
    }

    private static func rateFactor(_ state: TrainingState) -> Double { 1 / Double(1 << state.rateHalvings) }

    /// Halvings after which a run is given up: the rate is not what is wrong.
    private static let mostHalvings = 8

    private func returned(_ run: inout Run, _ reason: String) throws -> TrainingEvent {
        let step = run.state.step + 1
        guard run.state.rateHalvings < Self.mostHalvings,
            run.epochStart != nil || run.state.step == run.state.epochFirstStep
        else {
            throw LearningError(
                .diverged,
                "\(reason) at step \(step), and halving the rate \(run.state.rateHalvings) times did not help: lower the learning rate of \(recipe.learningRate), or look for cases with values that are no numbers"
            )
        }
        if let start = run.epochStart {
            run.network = try Network(configuration: plan.network, parameters: start.parameters)
            run.optimizer = start.optimizer
            run.averaged = start.averaged
            run.epochStart = nil
        }
        run.state.step = run.state.epochFirstStep
        (run.state.diceSum, run.state.crossEntropySum) = (0, 0)
        run.state.rateHalvings += 1
        return .returned(fromStep: step, to: run.state.step, rateFactor: Self.rateFactor(run.state))
    }

    func finishEpoch(_ run: inout Run, _ validation: ValidationScore?, _ pseudo: PseudoScore?) -> EpochSummary {
        let count = Double(stepsPerEpoch)
        let (dice, crossEntropy) = (run.state.diceSum / count, run.state.crossEntropySum / count)
        run.state.epoch += 1
        run.state.epochFirstStep = run.state.step
        run.epochStart = nil
        var summary = EpochSummary(
            epoch: run.state.epoch, loss: dice + crossEntropy, dice: dice, crossEntropy: crossEntropy,
            learningRate: rate(atStep: run.state.step - 1, run.state), validationDice: validation?.mean,
            validationDiceByClass: validation?.byClass, pseudoDiceByClass: pseudo?.diceByClass,
            validationLoss: pseudo?.loss, rateHalvings: run.state.rateHalvings)
        (run.state.diceSum, run.state.crossEntropySum) = (0, 0)
        if let pseudoDice = summary.pseudoDice {
            run.state.averagePseudoDice = run.state.averagePseudoDice.map { 0.9 * $0 + 0.1 * pseudoDice } ?? pseudoDice
        }
        summary.judgedDice = recipe.judge == .pseudoDice ? run.state.averagePseudoDice : summary.validationDice
        run.state.history.append(summary)
        if let score = summary.judgedDice, score > run.state.bestDice ?? -1 {
            run.state.bestDice = score
            run.state.bestEpoch = run.state.epoch
            run.best = run.judged
        }
        return summary
    }
}
