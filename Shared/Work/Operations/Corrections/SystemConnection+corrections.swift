import Documents
import Faults
import Foundation
package import JobEngine
package import Learning
import Plans
import Registry
package import Studies

extension SystemConnection {
    var corrections: PostgresCorrections { PostgresCorrections(pool: pool) }

    /// Corrected label maps, newest first.
    ///
    /// - Parameters:
    ///   - tenant: nil: all tenants'.
    ///   - study: nil: of all studies.
    package func corrections(tenant: Tenant?, study: StudyID? = nil, limit: Int) async throws -> [Correction] {
        try await corrections.corrections(tenant: tenant, study: study, limit: limit)
    }

    /// Withdraws a correction that was accepted and turned out wrong: no data set is made with it any more, and a round
    /// under way that learns from it ends without promoting. What has learned from it stays, and is named.
    ///
    /// - Parameter job: that brought it.
    /// - Throws: `OperationError` (`missing`).
    package func withdrawCorrection(_ job: JobID) async throws -> (isNew: Bool, learners: CorrectionLearners) {
        guard let isNew = try await corrections.withdraw(job, actor: actor) else {
            throw OperationError(
                .missing,
                "job \(job) brought no correction that was accepted: see `columna corrections list`; one that is not read yet is cancelled with `columna jobs cancel`"
            )
        }
        return (isNew, try await corrections.learners(from: job))
    }

    /// A data set that was made of corrections is what a version has learned from, and stays as it was made.
    ///
    /// - Throws: `OperationError` (`refused`).
    func requireOpen(_ dataSet: String, tenant: Tenant) async throws {
        guard try await !corrections.used(dataSet: dataSet, tenant: tenant).isEmpty else { return }
        throw OperationError(
            .refused,
            "data set '\(dataSet)' of tenant \(tenant) was made of corrections and does not change: change the one it was made from, and make another with `columna dataset from-corrections`"
        )
    }

    // MARK: Policies

    /// Sets after how many corrections a model is fine-tuned by itself. Corrections that are there already count: a round
    /// that is due begins at once.
    ///
    /// - Parameters:
    ///   - recipe: nil: `Recipe.fineTuning` of the promoted version's.
    ///   - forAllTenants: whether a version that this tenant's cases judged may be promoted where others have studies of
    ///     the model, now or when it is promoted.
    /// - Throws: `OperationError`: `refused` where it may not and others have; `missing` where the model has no promoted version or there is no such data set; `usage`
    ///   for a number below 1, for held-out cases that are learned from and for a name too long to name data sets by;
    ///   `badInput` where the data set has no cases to learn from or none to judge by, or the promoted version cannot be
    ///   fine-tuned or has learned from what is to judge.
    package func setCorrectionPolicy(
        model: String, tenant: Tenant, after number: Int, dataSet: String, split: String, recipe: Recipe?,
        forAllTenants: Bool
    ) async throws -> CorrectionPolicy {
        guard let reference = ModelReference(rawValue: model), reference.version == nil else {
            throw OperationError(
                .usage, "a policy is of a model's name alone, got '\(model)': its promoted version is fine-tuned")
        }
        guard number >= 1 else {
            throw OperationError(.usage, "a policy waits for 1 correction at least, got --after \(number)")
        }
        guard ![DataSetCase.trainingSplit, DataSetCase.validationSplit].contains(split) else {
            throw OperationError(
                .usage,
                "models learn from split '\(split)', so it cannot judge them: name one that is held out, such as test")
        }
        guard model.utf8.count <= CorrectionPolicy.longestModel else {
            throw OperationError(
                .usage,
                "the data sets of a policy are named \(CorrectionRound.dataSet(of: model, round: 1)) and so on, up to 64 characters: the model's name may have \(CorrectionPolicy.longestModel), this one has \(model.utf8.count): train or import it under a shorter one"
            )
        }
        let version = try await self.model(reference)
        let splits = Set(try await cases(of: dataSet, tenant: tenant).map { $0.split ?? DataSetCase.trainingSplit })
        for needed in [DataSetCase.trainingSplit, split] where !splits.contains(needed) {
            throw OperationError(
                .badInput,
                "data set '\(dataSet)' of tenant \(tenant) has no case in split '\(needed)': put some there with `columna dataset split \(dataSet) --to \(needed)`"
            )
        }
        try requireTunable(version)
        try await requireHeldOut(version, EvaluationRequest(dataSet: dataSet, split: split, tenant: tenant))
        if !forAllTenants { try await requireNoOthers(model, tenant) }
        let chosen = recipe ?? Recipe.fineTuning(after: try? Recipe(json: Data(version.recipeJSON.utf8)))
        try chosen.validate()
        let policy = CorrectionPolicy(
            tenant: tenant, model: model, dataSet: dataSet, split: split, afterCorrections: number,
            recipeJSON: String(decoding: try chosen.json(), as: UTF8.self), forAllTenants: forAllTenants,
            judges: try await judges(dataSet, split, tenant))
        try await corrections.set(policy, actor: actor)
        _ = try await store.enqueue([
            JobRequest(LearnFromCorrections(model: model, step: .consider), tenant: tenant)
        ])
        return policy
    }

    /// A model is no tenant's: a version that is promoted serves all that name it.
    ///
    /// - Throws: `OperationError` (`refused`) where a tenant beside this one has studies of the model.
    func requireNoOthers(_ model: String, _ tenant: Tenant) async throws {
        let others = try await corrections.tenants(of: model, beside: tenant)
        guard others > 0 else { return }
        throw OperationError(
            .refused,
            "model \(model) segments for \(Wording.count(others, "other tenant")) than \(tenant), and a promoted version serves them too, though only cases of \(tenant) judge it: set the policy with --for-all-tenants if that is wanted, or train a model of another name for \(tenant)"
        )
    }

    /// - Throws: `OperationError` (`badInput`) where no training could begin with a version on cases of people.
    private func requireTunable(_ version: ModelVersion) throws {
        func refusal(_ why: String) -> OperationError {
            OperationError(
                .badInput, "\(version.reference) cannot be fine-tuned: \(why), or set the policy for another model")
        }
        if let ensemble = version.ensemble {
            throw refusal(
                "it joins \(ensemble.members.count) versions, and a training begins with one network: promote one of them (\(ensemble.members.map(\.model.rawValue).joined(separator: ", ")))"
            )
        }
        guard try Plan(json: Data(version.planJSON.utf8)).classLabels == nil else {
            throw refusal(
                "its classes are not labels one by one (classLabels of its plan), so a corrected label map does not say what each of them is: promote a version with a class a label"
            )
        }
    }

    private func judges(_ dataSet: String, _ split: String, _ tenant: Tenant) async throws -> JudgingCases {
        JudgingCases(of: try await catalog.snapshot(dataSet: dataSet, tenant: tenant), split: split)
    }

    /// Hospitals' own messages may replace a case, so that one could be made to judge that nobody has agreed to.
    ///
    /// - Parameter recorded: those that may judge, one of them as the cases are now; none: any.
    /// - Throws: `OperationError` (`refused`) that names what changed since the last of them.
    func requireJudges(_ recorded: [JudgingCases], _ dataSet: String, _ split: String, _ tenant: Tenant) async throws {
        guard let last = recorded.last else { return }
        let present = try await judges(dataSet, split, tenant)
        guard !recorded.contains(present), let changes = present.changes(since: last) else { return }
        throw OperationError(
            .refused,
            "the cases of split '\(split)' of data set '\(dataSet)' are not those that were to judge when the policy was set (\(changes)): look at them with `columna dataset show \(dataSet)`, and set the policy anew if they may"
        )
    }

    /// Why no round of a policy begins now, however many corrections there are; nil: nothing keeps one.
    func objection(to policy: CorrectionPolicy) async throws -> String? {
        do {
            if let version = try await catalog.modelVersion(name: policy.model, version: nil) {
                try requireTunable(version)
            }
            if !policy.forAllTenants { try await requireNoOthers(policy.model, policy.tenant) }
            try await requireJudges([policy.judges].compactMap(\.self), policy.dataSet, policy.split, policy.tenant)
            return nil
        } catch let error as OperationError where [.refused, .badInput].contains(error.code) {
            return error.description
        }
    }

    /// Ends a model's policy; rounds that have begun go on.
    ///
    /// - Throws: `OperationError` (`missing`).
    package func removeCorrectionPolicy(model: String, tenant: Tenant) async throws {
        guard try await corrections.removePolicy(model: model, tenant: tenant, actor: actor) else {
            throw OperationError(
                .missing, "tenant \(tenant) has no policy for model \(model): see `columna train policy show`")
        }
    }

    /// Policies and how they stand.
    ///
    /// - Parameter tenant: nil: all tenants'.
    package func correctionPolicies(tenant: Tenant?) async throws -> [CorrectionPolicyStatus] {
        var found: [CorrectionPolicyStatus] = []
        for policy in try await corrections.policies(tenant: tenant) {
            found.append(
                CorrectionPolicyStatus(
                    policy: policy, pending: try await corrections.pending(policy),
                    heldBack: try await shownObjection(to: policy)))
        }
        return found
    }

    /// The list shows policies of models too whose plans only a newer program reads, and begins its rounds.
    private func shownObjection(to policy: CorrectionPolicy) async throws -> String? {
        do { return try await objection(to: policy) } catch let error as PlanError { return error.description }
    }

    /// Rounds of corrections and how they stand, newest first; nil: all.
    package func correctionRounds(tenant: Tenant?, model: String? = nil) async throws -> [CorrectionRoundStatus] {
        try await corrections.rounds(tenant: tenant, model: model)
    }

    /// What was decided about a model's versions, newest first; nil: about all models'.
    package func gates(of model: String?) async throws -> [DecidedGate] { try await catalog.gates(of: model) }
}

/// A policy, and what it waits for.
package struct CorrectionPolicyStatus: Sendable {
    package let policy: CorrectionPolicy
    /// CTs with corrections that no round has counted, but for those that its data set holds out.
    package let pending: Int
    /// Why no round begins, however many there are; nil: nothing keeps one.
    package let heldBack: String?
}

extension Recipe {
    /// How a model is fine-tuned where nobody says otherwise: as it was trained, at a tenth of the rate for a fifth of the
    /// epochs, without a warm-up and without patience. Of a model that came without a recipe: the defaults' tenth and
    /// fifth, 1e-5 for 10 epochs.
    package static func fineTuning(after former: Recipe?) -> Recipe {
        var recipe = former ?? Recipe()
        recipe.learningRate /= 10
        recipe.epochs = max(1, recipe.epochs / 5)
        recipe.warmupEpochs = 0
        recipe.patience = nil
        return recipe
    }
}
