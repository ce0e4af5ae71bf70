import Augmentation
import Faults
package import Networks
package import Plans
import Segmentation
import TensorCore
package import Threads
import Volumes

/// Trains a network: crops → DiceCE → AdamW, validation by sliding window after epochs.
///
/// Synchronous and pure: the same plan, recipe, cases and initial weights give the same bytes, however often the run
/// was stopped and resumed, on any number of threads. It blocks its thread for as long as it takes; call it off Swift's
/// cooperative pool.
package struct Trainer: Sendable {
    package let plan: Plan
    package let recipe: Recipe
    package let split: TrainingSplit
    let cases: any TrainingCases
    let pool: ComputePool
    private let execution: Execution
    private let cacheLimitInBytes: Int
    private let memoryLimitInBytes: Int?
    private let patch: [Int]

    /// - Parameters:
    ///   - split: nil: the first cases train, the recipe's last fraction validates.
    ///   - cacheLimitInBytes: cases kept in memory between uses; at least the one in use is.
    ///   - memoryLimitInBytes: what training may need at its peak by its plan; nil: no limit.
    /// - Throws: `LearningError.invalidRecipe`, `.unusableCases`, `PlanError.invalidPlan`.
    package init(
        plan: Plan, recipe: Recipe, cases: any TrainingCases, split: TrainingSplit? = nil,
        cacheLimitInBytes: Int = 2 << 30,
        memoryLimitInBytes: Int? = nil, pool: ComputePool = .shared
    ) throws {
        try plan.validate()
        try recipe.validate()
        self.plan = plan
        self.recipe = recipe
        self.cases = cases
        self.split = split ?? TrainingSplit(count: cases.count, validationFraction: recipe.validationFraction)
        self.cacheLimitInBytes = cacheLimitInBytes
        self.memoryLimitInBytes = memoryLimitInBytes
        self.pool = pool
        execution = Execution(
            pool: pool, arithmetic: recipe.arithmetic, recomputesActivations: recipe.recomputesActivations)
        patch = recipe.patch ?? plan.patch
        try self.split.validate(count: cases.count)
        if let obstacle = plan.network.trainingObstacle {
            throw LearningError(
                .invalidRecipe,
                "the plan's network cannot be trained here: \(obstacle); train one with group or instance norms and relu or leakyrelu"
            )
        }
        guard plan.classLabels == nil else {
            throw LearningError(
                .invalidRecipe,
                "the plan's classes are not labels one by one (classLabels), so cases do not say what each of them is; train with another plan"
            )
        }
        guard !recipe.recomputesActivations || plan.network.segResNet != nil else {
            throw LearningError(
                .invalidRecipe,
                "recomputesActivations is for a segresnet, the plan's network is a \(plan.network.architecture.rawValue); leave it out"
            )
        }
        let divisors = plan.network.spatialDivisors
        guard zip(patch, divisors).allSatisfy({ $0 % $1 == 0 }) else {
            throw LearningError(.invalidRecipe, "patch must have edges divisible by \(divisors), got \(patch)")
        }
    }

    package var stepsPerEpoch: Int {
        recipe.stepsPerEpoch ?? (split.training.count + recipe.batchSize - 1) / recipe.batchSize
    }

    package var steps: Int { recipe.epochs * stepsPerEpoch }

    /// Runs to the end of the recipe.
    ///
    /// - Parameters:
    ///   - checkpoint: where an earlier run of the same plan, recipe and split stood; nil: from the beginning.
    ///   - initial: weights to begin with, for fine-tuning; nil: PyTorch's defaults from the recipe's seed.
    ///   - report: called after every step, validation window and epoch with where the run stands. Throwing ends the
    ///     run with that error; the checkpoint given is valid at every call but during validation, when it stands at
    ///     the last step before it.
    /// - Throws: `LearningError`, what `report` and the cases throw.
    package func run(
        from checkpoint: Checkpoint? = nil, initial: Parameters? = nil,
        report: (TrainingEvent, Checkpoint) throws -> Void = { _, _ in }
    ) throws -> TrainingResult {
        var run = try checkpoint.map(resumed) ?? begun(initial: initial)
        try report(.planned(requireMemory(run.network)), self.checkpoint(run))
        var cache = CaseCache(cases, limitInBytes: cacheLimitInBytes, classes: plan.classes)
        while run.state.epoch < recipe.epochs {
            while run.state.step < (run.state.epoch + 1) * stepsPerEpoch {
                let summary = try step(&run, &cache)
                try report(.step(summary), self.checkpoint(run))
            }
            let standing = self.checkpoint(run)
            let validation = try validate(run, &cache) { try report($0, standing) }
            try report(.epoch(finishEpoch(&run, validation)), self.checkpoint(run))
        }
        return TrainingResult(
            best: try Model(plan: plan, parameters: run.best ?? run.network.parameters),
            bestEpoch: run.state.bestEpoch ?? run.state.epoch,
            last: self.checkpoint(run))
    }

    /// Throws `LearningError.memoryLimit` before anything is computed.
    private func requireMemory(_ network: Network) throws -> MemoryPlan {
        var plan = network.plan(
            training: [recipe.batchSize, plan.network.inputChannels] + patch, by: execution, allHeads: usesAllHeads)
        if recipe.epochsPerValidation > 0, !split.validation.isEmpty {
            let windows = network.plan(
                inference: [1, self.plan.network.inputChannels] + self.plan.patch,
                by: .inference(pool: pool, arithmetic: recipe.arithmetic))
            if windows.bytes > plan.bytes { plan = windows }
        }
        // The optimizer's two moments, and the best epoch's weights.
        plan.parameterBytes += 3 * network.parameters.parameterCount * 4
        guard let limit = memoryLimitInBytes, plan.bytes + cacheLimitInBytes > limit else { return plan }
        throw LearningError(
            .memoryLimit,
            "training on \(recipe.batchSize) × \(patch) voxels needs \(MemoryPlan.text(plan.bytes)) and \(MemoryPlan.text(cacheLimitInBytes)) for cases, "
                + "the limit is \(MemoryPlan.text(limit)); "
                + "take a smaller patch or batch\(self.plan.network.segResNet == nil ? "" : ", set recomputesActivations in the recipe,") "
                + "or raise COLUMNA_MEMORY_LIMIT_MIB")
    }

    /// What changes from step to step.
    private struct Run {
        var network: Network
        var optimizer: AdamW
        var state = TrainingState()
        var best: Parameters?
    }

    private func begun(initial: Parameters?) throws -> Run {
        let network =
            try initial.map { try Network(configuration: plan.network, parameters: $0) }
            ?? Network(configuration: plan.network, seed: recipe.seed)
        return Run(network: network, optimizer: AdamW(parameters: network.parameters, weightDecay: recipe.weightDecay))
    }

    private func resumed(_ checkpoint: Checkpoint) throws -> Run {
        var known = checkpoint.recipe
        // A constant rate doesn't depend on the number of epochs, so such a run may be prolonged.
        if recipe.schedule == .constant { known.epochs = recipe.epochs }
        guard checkpoint.plan == plan, known == recipe, checkpoint.split == split else {
            let part =
                checkpoint.plan != plan
                ? "plan" : known != recipe ? "recipe" : "split into training and validation cases"
            throw LearningError(
                .unreadableCheckpoint, "checkpoint was made with another \(part); resume with the same or begin anew")
        }
        return Run(
            network: try Network(configuration: plan.network, parameters: checkpoint.parameters),
            optimizer: checkpoint.optimizer,
            state: checkpoint.state,
            // A checkpoint taken right after its best epoch doesn't hold the same weights twice.
            best: checkpoint.best ?? checkpoint.state.bestEpoch.map { _ in checkpoint.parameters })
    }

    private func checkpoint(_ run: Run) -> Checkpoint {
        let isBest = run.state.bestEpoch == run.state.epoch && run.state.step == run.state.epoch * stepsPerEpoch
        return Checkpoint(
            plan: plan, recipe: recipe, split: split, parameters: run.network.parameters, optimizer: run.optimizer,
            state: run.state,
            best: isBest ? nil : run.best)
    }

    private var usesAllHeads: Bool { recipe.loss == .deepSupervision }

    private func step(_ run: inout Run, _ cache: inout CaseCache) throws -> StepSummary {
        let number = run.state.step
        let batch = try batch(step: number, &cache)
        var dropout = StepRandom(seed: recipe.seed, purpose: .dropout, index: number)
        var terms = (dice: 0.0, crossEntropy: 0.0)
        let (loss, gradients) = try run.network.trainingStep(
            batch.image, dropoutSeed: dropout.next(), by: execution, allHeads: usesAllHeads
        ) { heads in
            terms = recipe.loss.value(&heads, labels: batch.labels, pool: pool)
            return terms.dice + terms.crossEntropy
        }
        guard loss.isFinite else {
            throw LearningError(
                .diverged,
                "the loss is \(loss) at step \(number + 1); lower the learning rate of \(recipe.learningRate)")
        }
        let rate = recipe.learningRate(atStep: number, of: steps)
        run.optimizer.update(&run.network.parameters, gradients: gradients, learningRate: rate, pool: pool)
        run.state.step += 1
        run.state.diceSum += terms.dice
        run.state.crossEntropySum += terms.crossEntropy
        return StepSummary(
            step: number + 1, steps: steps, epoch: run.state.epoch + 1, loss: loss, dice: terms.dice,
            crossEntropy: terms.crossEntropy,
            learningRate: rate)
    }

    /// The crops of one step, each from the case that is next in the epoch's order.
    private func batch(step: Int, _ cache: inout CaseCache) throws -> CropSampler.Crop {
        let sampler = CropSampler(
            recipe: recipe, patch: patch, padding: plan.slidingWindow.padding, leftRightAxis: plan.leftRightAxis)
        let crops = try (0..<recipe.batchSize).map { item in
            let number = step * recipe.batchSize + item
            return sampler.crop(try cache.load(caseIndex(crop: number)), number: number)
        }
        guard crops.count > 1 else { return crops[0] }
        return CropSampler.Crop(
            image: Tensor(crops.flatMap(\.image.values), shape: [crops.count, 1] + patch),
            labels: crops.flatMap(\.labels))
    }

    /// The cases go round in an order shuffled anew for each round, so every case is drawn equally often.
    private func caseIndex(crop number: Int) -> Int {
        let cases = split.training
        var random = StepRandom(seed: recipe.seed, purpose: .order, index: number / cases.count)
        return random.shuffled(cases)[number % cases.count]
    }

    private func validate(
        _ run: Run, _ cache: inout CaseCache, report: (TrainingEvent) throws -> Void
    ) throws -> ValidationScore? {
        let epoch = run.state.epoch + 1
        let isDue =
            recipe.epochsPerValidation > 0 && (epoch % recipe.epochsPerValidation == 0 || epoch == recipe.epochs)
        guard isDue, !split.validation.isEmpty else { return nil }
        // The step's activations and the windows' are never held together.
        execution.workspace.release()
        let segmenter = try Segmenter(
            Model(plan: plan, parameters: run.network.parameters), arithmetic: recipe.arithmetic, pool: pool)
        var score = ValidationScore()
        for (number, index) in split.validation.enumerated() {
            let loaded = try cache.load(index)
            let labels = try segmenter.networkLabels(networkReady: loaded.image) { progress in
                try report(
                    .validating(
                        number: number + 1, of: split.validation.count, window: progress.windows,
                        windows: progress.allWindows))
            }
            score.add(DiceScore(prediction: labels.voxels, truth: loaded.label.voxels))
        }
        return score
    }

    private func finishEpoch(_ run: inout Run, _ validation: ValidationScore?) -> EpochSummary {
        let count = Double(stepsPerEpoch)
        let (dice, crossEntropy) = (run.state.diceSum / count, run.state.crossEntropySum / count)
        run.state.epoch += 1
        let summary = EpochSummary(
            epoch: run.state.epoch, loss: dice + crossEntropy, dice: dice, crossEntropy: crossEntropy,
            learningRate: recipe.learningRate(atStep: run.state.step - 1, of: steps), validationDice: validation?.mean,
            validationDiceByClass: validation?.byClass)
        run.state.history.append(summary)
        (run.state.diceSum, run.state.crossEntropySum) = (0, 0)
        if let score = summary.validationDice, score > run.state.bestDice ?? -1 {
            run.state.bestDice = score
            run.state.bestEpoch = run.state.epoch
            run.best = run.network.parameters
        }
        return summary
    }
}
