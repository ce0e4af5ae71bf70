import Augmentation
import Faults
package import Networks
package import Plans
package import Ranks
import TensorCore
package import Threads
import Volumes

/// Trains a network: crops → loss → optimizer, validation after epochs.
///
/// Pure: the same plan, recipe, cases and initial weights give the same bytes, however often the run was stopped and
/// resumed, on any number of threads. Several ranks take an equal share of every batch each; what they compute together
/// is one step, and the same bytes for the same number of them. It blocks its thread for as long as it takes; call it off Swift's cooperative
/// pool.
package struct Trainer: Sendable {
    package let plan: Plan
    /// With what it leaves to the plan.
    package let recipe: Recipe
    package let split: TrainingSplit
    let cases: any TrainingCases
    let pool: ComputePool
    let execution: Execution
    private let cacheLimitInBytes: Int
    /// Kept from run to run: a worker leaves a run for every checkpoint.
    let cache: CaseCache
    private let memoryLimitInBytes: Int?
    private let loaderThreads: Int
    let patch: [Int]
    let exchange: any RankExchange
    /// Crops of a batch that are this rank's.
    let share: Int

    /// - Parameters:
    ///   - split: nil: the first cases train, the recipe's last fraction validates.
    ///   - cacheLimitInBytes: cases kept in memory between uses; at least the one in use is.
    ///   - memoryLimitInBytes: what training may need at its peak by its plan; nil: no limit.
    ///   - loaderThreads: threads that prepare crops while the pool computes; nil: half as many as the pool has, none
    ///     beside a pool of one.
    ///   - exchange: with the other ranks, each of which has a trainer of the same plan, recipe, cases and split.
    /// - Throws: `LearningError.invalidRecipe`, `.unusableCases`, `PlanError.invalidPlan`.
    package init(
        plan: Plan, recipe: Recipe, cases: any TrainingCases, split: TrainingSplit? = nil,
        cacheLimitInBytes: Int = 2 << 30,
        memoryLimitInBytes: Int? = nil, loaderThreads: Int? = nil, exchange: any RankExchange = Alone(),
        pool: ComputePool = .shared
    ) throws {
        try plan.validate()
        try recipe.validate()
        self.plan = plan
        let recipe = recipe.completed(by: plan)
        self.recipe = recipe
        self.cases = cases
        self.split = split ?? .chosen(from: cases, recipe)
        self.cacheLimitInBytes = cacheLimitInBytes
        cache = CaseCache(cases, limitInBytes: cacheLimitInBytes, classes: plan.classes)
        self.memoryLimitInBytes = memoryLimitInBytes
        self.loaderThreads = loaderThreads ?? pool.threads / 2
        self.pool = pool
        self.exchange = exchange
        share = try recipe.share(ofRanks: exchange.count)
        execution = Execution(
            pool: pool, arithmetic: recipe.arithmetic, recomputesActivations: recipe.recomputesActivations)
        patch = recipe.patch ?? plan.patch
        try self.split.validate(for: cases)
        if let obstacle = plan.network.trainingObstacle {
            throw LearningError(
                .invalidRecipe,
                "the plan's network cannot be trained here: \(obstacle); train one with group or instance norms and relu or leakyrelu"
            )
        }
        guard plan.classLabels == nil || plan.unlabelledClass != nil && cases.areGenerated else {
            throw LearningError(
                .invalidRecipe,
                "the plan's classes are not labels one by one (classLabels), so cases do not say what each of them is; train with another plan, or on generated cases with one class more than labels"
            )
        }
        guard !recipe.recomputesActivations || plan.network.segResNet != nil else {
            throw LearningError(
                .invalidRecipe,
                "recomputesActivations is for a segresnet, the plan's network is a \(plan.network.architecture.rawValue); leave it out"
            )
        }
        guard recipe.stepsPerEpoch != nil || !cases.areGenerated else {
            throw LearningError(
                .invalidRecipe, "generated cases never end, so the recipe must say how many stepsPerEpoch there are")
        }
        guard recipe.pseudoValidationSteps == 0 || !self.split.validation.isEmpty else {
            throw LearningError(
                .invalidRecipe,
                "pseudoValidationSteps needs cases to validate on, got none: raise validationFraction or set it to 0")
        }
        let divisors = plan.network.spatialDivisors
        guard zip(patch, divisors).allSatisfy({ $0 % $1 == 0 }) else {
            throw LearningError(.invalidRecipe, "patch must have edges divisible by \(divisors), got \(patch)")
        }
        try requireKnownNames()
    }

    package var stepsPerEpoch: Int {
        recipe.stepsPerEpoch ?? (split.training.count + recipe.cropsPerStep - 1) / recipe.cropsPerStep
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
    ///   - shouldFinish: asked before every step, of rank 0; true ends the run with the best weights so far.
    /// - Throws: `LearningError`, what `report` and the cases throw.
    package func run(
        from checkpoint: Checkpoint? = nil, initial: Parameters? = nil,
        report: (TrainingEvent, Checkpoint) throws -> Void = { _, _ in },
        shouldFinish: () -> Bool = { false }
    ) throws -> TrainingResult {
        var run = try checkpoint.map(resumed) ?? begun(initial: initial)
        try report(.planned(requireMemory(run.network)), self.checkpoint(run))
        let loader = loader()
        defer { loader.close() }
        while run.state.epoch < recipe.epochs {
            if isPatienceOver(run.state) { return try result(run, .early) }
            while run.state.step < run.state.epochFirstStep + stepsPerEpoch {
                if exchange.decided(shouldFinish()) { return try result(run, .requested) }
                let event = try step(&run, loader)
                try report(event, self.checkpoint(run))
            }
            let standing = self.checkpoint(run)
            let pseudoDice = try pseudoValidate(run) { try report($0, standing) }
            let validation = try validate(run) { try report($0, standing) }
            try report(.epoch(finishEpoch(&run, validation, pseudoDice)), self.checkpoint(run))
        }
        return try result(run, .complete)
    }

    /// Where a run stands before its first step.
    package func beginning(initial: Parameters? = nil) throws -> Checkpoint { checkpoint(try begun(initial: initial)) }

    private func loader() -> BatchLoader {
        let sampler = CropSampler(
            recipe: recipe, patch: patch, padding: plan.slidingWindow.padding, leftRightAxis: plan.leftRightAxis)
        return BatchLoader(batchSize: share, steps: steps, threads: loaderThreads) { own in
            let number = number(ofOwn: own)
            let loaded = try caseOf(crop: number)
            return sampler.crop(loaded, number: number)
        }
    }

    /// Which of the run's crops is the n-th of this rank: every batch is the ranks' shares one after the other, so that
    /// it is the same whatever their number.
    private func number(ofOwn own: Int) -> Int {
        own / share * recipe.cropsPerStep + exchange.rank * share + own % share
    }

    private func result(_ run: Run, _ end: TrainingEnd) throws -> TrainingResult {
        TrainingResult(
            best: try Model(plan: plan, parameters: run.best ?? run.judged),
            bestEpoch: run.state.bestEpoch ?? run.state.epoch,
            averaged: try run.averaged.map { try Model(plan: plan, parameters: $0) },
            last: checkpoint(run), end: end)
    }

    private func isPatienceOver(_ state: TrainingState) -> Bool {
        guard let patience = recipe.patience, let best = state.bestEpoch else { return false }
        return state.epoch - best >= patience
    }

    /// A pattern that names nothing is a mistake that would pass unseen.
    private func requireKnownNames() throws {
        let names = plan.network.parameterTable.map(\.name)
        for pattern in recipe.frozen + recipe.rateFactors.keys.sorted()
        where !names.contains(where: NamePattern(pattern).matches) {
            throw LearningError(
                .invalidRecipe,
                "the network has no parameter \(pattern), expected names such as \(names[0]) or \(names[names.count - 1]), or patterns with *"
            )
        }
        guard names.contains(where: { recipe.rateFactor(of: $0) > 0 }) else {
            throw LearningError(.invalidRecipe, "every parameter is frozen: nothing is left to learn")
        }
    }

    /// Throws `LearningError.memoryLimit` before anything is computed.
    private func requireMemory(_ network: Network) throws -> MemoryPlan {
        var plan = network.plan(
            training: [share, plan.network.inputChannels] + patch, by: execution, allHeads: usesAllHeads)
        if recipe.epochsPerValidation > 0, !split.validation.isEmpty {
            let windows = network.plan(
                inference: [1, self.plan.network.inputChannels] + self.plan.patch,
                by: .inference(pool: pool, arithmetic: recipe.arithmetic))
            if windows.bytes > plan.bytes { plan = windows }
        }
        // The optimizer's state, the average and the best epoch's weights, and all but the best once more as the epoch
        // began.
        let sets = recipe.optimizer.stateNames.count + (recipe.averaging == nil ? 0 : 1)
        plan.parameterBytes += (2 * sets + 2) * network.parameters.parameterCount * 4
        // Gradients on their way to the other ranks and back.
        if !exchange.isAlone { plan.parameterBytes += 2 * network.parameters.parameterCount * 4 }
        guard let limit = memoryLimitInBytes, plan.bytes + cacheLimitInBytes > limit else { return plan }
        throw LearningError(
            .memoryLimit,
            "training on \(share) × \(patch) voxels needs \(MemoryPlan.text(plan.bytes)) and \(MemoryPlan.text(cacheLimitInBytes)) for cases, "
                + "the limit is \(MemoryPlan.text(limit)); "
                + "take a smaller patch or batch\(self.plan.network.segResNet == nil ? "" : ", set recomputesActivations in the recipe,") "
                + "or raise COLUMNA_MEMORY_LIMIT_MIB")
    }

    var usesAllHeads: Bool { recipe.loss == .deepSupervision }
}
