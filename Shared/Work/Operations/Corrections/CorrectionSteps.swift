import Documents
import Evaluations
import Faults
import Foundation
package import JobEngine
import Learning
import Plans
import Registry
package import Studies

/// The way from corrections to a better version, a job a step. What a step orders it hands back as its job's children, so
/// that it is written with the job's end or not at all; what it writes before that is the same when it is tried again.
///
/// ```
/// consider ─> preprocess-volume (each case that changed) ─> train ─> train-model ─> evaluate ─> the evaluations of both versions
///          └─ too few: nothing                                                          ↑                 ↓ compare-evaluations
///                                       another version was promoted meanwhile ─────────┴───────────── decide ─> promoted or not
/// ```
///
/// Where a correction was withdrawn meanwhile, the next step ends the round, and `consider` follows.
package struct CorrectionSteps: Sendable {
    private let system: SystemConnection

    package init(_ system: SystemConnection) { self.system = system }

    /// - Throws: `OperationError` where somebody has to mend something first: the job is replayed then.
    package func run(_ step: LearnFromCorrections, of job: JobRecord) async throws -> Completion {
        try await JobFailure.leavingToNewer("plan-unreadable", PlanErrorCode.unreadablePlan) {
            try await JobFailure.leavingToNewer("recipe-unreadable", LearningErrorCode.unreadableRecipe) {
                try await take(step, job)
            }
        }
    }

    private func take(_ step: LearnFromCorrections, _ job: JobRecord) async throws -> Completion {
        guard step.step != .consider else { return try await consider(step.model, job) }
        let round = try await round(of: step, job)
        if try await system.corrections.giveUpIfWithdrawn(round) { return try giveUp(round, job) }
        switch step.step {
        case .train: return try await train(round, job)
        case .evaluate: return try await evaluate(step, round, job)
        case .consider, .decide: return try await decide(step, round, job)
        }
    }

    private func round(of step: LearnFromCorrections, _ job: JobRecord) async throws -> CorrectionRound {
        guard let number = step.round,
            let round = try await system.corrections.round(number, model: step.model, tenant: job.tenant)
        else {
            throw OperationError(
                .missing, "there is no round \(step.round.map(String.init) ?? "") of corrections of model \(step.model)"
            )
        }
        return round
    }

    /// The job of a step after others.
    private func next(
        _ step: LearnFromCorrections, _ round: CorrectionRound, key: String, after parents: [JobID], _ job: JobRecord
    ) throws -> JobRequest {
        try JobRequest(
            step, tenant: round.tenant, priority: job.priority, deduplicationKey: round.key(key), parents: parents)
    }

    private func policy(of model: String, _ tenant: Tenant) async throws -> CorrectionPolicy? {
        try await system.corrections.policies(tenant: tenant).first { $0.model == model }
    }

    // MARK: Steps

    /// Why no round begins though one is due. The round that this job has begun goes on.
    private func whyNone(_ policy: CorrectionPolicy, _ job: JobRecord) async throws -> String? {
        guard try await system.corrections.pending(policy) >= policy.afterCorrections,
            try await system.corrections.round(of: job.id) == nil
        else { return nil }
        return try await system.objection(to: policy)
    }

    private func consider(_ model: String, _ job: JobRecord) async throws -> Completion {
        guard let policy = try await policy(of: model, job.tenant) else {
            return Completion(summary: "model \(model) has no policy: corrections are kept")
        }
        if let why = try await whyNone(policy, job) { return Completion(summary: "no round begins: \(why)") }
        let promoted = try await system.model(ModelReference(name: model))
        let round: CorrectionRound
        switch try await system.corrections.consider(
            model: model, tenant: job.tenant, beginsWith: promoted.reference, job: job.id)
        {
        case .noPolicy: return Completion(summary: "model \(model) has no policy: corrections are kept")
        case .waits(let pending, let wanted):
            return Completion(summary: "\(Wording.count(pending, "new correction")) of \(wanted)")
        case .begins(let begun): round = begun
        }
        let version = try await system.model(round.beginsWith)
        var dataSet = CorrectedDataSet(
            round.dataSet, base: round.base, tenant: round.tenant, plan: try Plan(json: Data(version.planJSON.utf8)))
        dataSet.priority = job.priority
        let (made, requests) = try await dataSet.lay(out: { round.key("prepare", $0) }, in: system)
        let training = try next(
            LearnFromCorrections(model: model, step: .train, round: round.number), round, key: "begin-training",
            after: requests.map(\.id), job)
        return Completion(
            children: requests + [training],
            summary:
                "round \(round.number) of \(model): data set \(round.dataSet) of \(Wording.count(made.takenOver, "case")) of \(round.base) and \(Wording.count(made.corrected, "corrected one"))\(made.heldOut > 0 ? ", \(made.heldOut) held out" : "")"
        )
    }

    /// The next round learns from the corrections that stand.
    private func giveUp(_ round: CorrectionRound, _ job: JobRecord) throws -> Completion {
        let again = try next(
            LearnFromCorrections(model: round.model, step: .consider), round, key: "begin-again", after: [], job)
        return Completion(
            children: [again],
            summary:
                "round \(round.number) of \(round.model) ends here: a correction that it learns from was withdrawn, and the others count again"
        )
    }

    private func train(_ round: CorrectionRound, _ job: JobRecord) async throws -> Completion {
        let version = try await system.model(round.beginsWith)
        var order = TrainingOrder(
            model: ModelReference(name: round.model), dataSet: round.dataSet, tenant: round.tenant,
            plan: try Plan(json: Data(version.planJSON.utf8)), recipe: try Recipe(json: Data(round.recipeJSON.utf8)),
            priority: job.priority)
        (order.startsFrom, order.correctionRound) = (version.reference, round.number)
        let training = try await order.request(in: system, key: round.key("train"))
        let evaluation = try next(
            LearnFromCorrections(model: round.model, step: .evaluate, round: round.number), round, key: "evaluate",
            after: [training.id], job)
        return Completion(
            children: [training, evaluation],
            summary: "round \(round.number) of \(round.model): \(version.reference) is fine-tuned by job \(training.id)"
        )
    }

    private func evaluate(_ step: LearnFromCorrections, _ round: CorrectionRound, _ job: JobRecord) async throws
        -> Completion
    {
        let candidate = try await candidate(step, job)
        let standing = try await system.model(ModelReference(name: round.model))
        guard standing.reference != candidate.reference else {
            return Completion(summary: "\(candidate.reference) was promoted by somebody before it was measured")
        }
        var request = EvaluationRequest(dataSet: round.base, split: round.split, tenant: round.tenant)
        request.priority = job.priority
        try await system.requireHeldOut(candidate, request)
        try await requireJudges(round)
        let pair = try await EvaluationPair(candidate.reference, standing.reference, by: request, in: system)
        let order = try await pair.place(priority: job.priority, in: system)
        guard let comparison = order.job else {
            throw OperationError(.refused, "the comparison of \(candidate.reference) was not ordered: replay this job")
        }
        let measured = CompareEvaluations(comparison: order.comparison, a: pair.first.id, b: pair.second.id)
        let decision = try next(
            LearnFromCorrections(
                model: round.model, step: .decide, round: round.number, candidate: candidate.reference,
                measured: measured), round, key: "decide/\(job.id)", after: [comparison], job)
        return Completion(
            children: [decision],
            summary:
                "\(candidate.reference) is measured beside \(standing.reference) on \(round.base), split \(round.split)"
        )
    }

    /// The best that the training left.
    private func candidate(_ step: LearnFromCorrections, _ job: JobRecord) async throws -> ModelVersion {
        if let named = step.candidate { return try await system.model(named) }
        for parent in try await system.store.parents(of: job.id) {
            let models = try await system.catalog.models(of: parent)
            if let best = models.first(where: { $0.variant ?? .best == .best }) { return best }
        }
        throw OperationError(.missing, "the training has left no version that could be measured")
    }

    private func decide(_ step: LearnFromCorrections, _ round: CorrectionRound, _ job: JobRecord) async throws
        -> Completion
    {
        guard let measured = step.measured, let candidate = try await system.catalog.evaluation(measured.a),
            let standing = try await system.catalog.evaluation(measured.b)
        else { throw OperationError(.missing, "the evaluations that decide are not recorded") }
        let gate = try await system.gate(EvaluationPair(candidate, standing), measured.comparison)
        if gate.isPassed { try await requireConsent(round) }
        let present = try await system.catalog.record(gate, actor: system.actor, job: job.id, round: round)
        guard gate.isPassed else {
            return Completion(summary: "\(gate.candidate) is worse and not promoted: \(gate.sentence)")
        }
        guard present != gate.standing else {
            return Completion(summary: "\(round.model) means \(gate.candidate): \(gate.sentence)")
        }
        // Withdrawn after this step had begun.
        if try await system.corrections.giveUpIfWithdrawn(round) { return try giveUp(round, job) }
        // Not worse than a version that stands no more: it is measured beside the one that does.
        let again = try next(
            LearnFromCorrections(
                model: round.model, step: .evaluate, round: round.number, candidate: gate.candidate), round,
            key: "evaluate/\(job.id)", after: [], job)
        return Completion(
            children: [again],
            summary:
                "\(present?.rawValue ?? "no version") was promoted meanwhile: \(gate.candidate) is measured beside it")
    }

    /// Those of the round, or of the policy as it is since.
    private func requireJudges(_ round: CorrectionRound) async throws {
        guard let judges = round.judges else { return }
        let policy = try await policy(of: round.model, round.tenant)
        let since = policy.flatMap { ($0.dataSet, $0.split) == (round.base, round.split) ? $0.judges : nil }
        try await system.requireJudges([since, judges].compactMap(\.self), round.base, round.split, round.tenant)
    }

    /// A tenant may have come while the round went on. A policy that was set since lets the step, once replayed, pass.
    private func requireConsent(_ round: CorrectionRound) async throws {
        if round.forAllTenants { return }
        if try await policy(of: round.model, round.tenant)?.forAllTenants == true { return }
        try await system.requireNoOthers(round.model, round.tenant)
    }
}
