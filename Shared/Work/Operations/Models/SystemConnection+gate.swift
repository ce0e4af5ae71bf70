import CohortAnalysis
package import Documents
import Evaluations
import Faults
import JobEngine
import Metrics
import Statistics
package import Studies

extension SystemConnection {
    /// Evaluates a version and the promoted one on held-out cases, and promotes it unless it is worse. The figures are
    /// kept, whatever they say.
    ///
    /// - Parameter follower: waits for the evaluations.
    /// - Returns: nil where no version, or this one, was promoted: there is nothing to be worse than, and it is promoted.
    /// - Throws: `OperationError`: `usage` where no version is named; `missing`; `badInput` where it has learned from one
    ///   of the cases (as may what it was made from), or there is nothing to measure; `refused` where a case could not be measured, or another version
    ///   was promoted meanwhile.
    package func promote(
        _ candidate: ModelReference, unlessWorseOn request: EvaluationRequest, _ follower: Follower
    ) async throws -> PromotionGate? {
        try Self.requireVersion(of: candidate)
        let version = try await model(candidate)
        guard let standing = try await catalog.modelVersion(name: candidate.name, version: nil),
            standing.version != version.version
        else {
            try await promote(candidate)
            return nil
        }
        try await requireHeldOut(version, request)
        let pair = try await EvaluationPair(candidate, standing.reference, by: request, in: self)
        let order = try await pair.place(priority: request.priority, in: self)
        for one in [pair.first, pair.second] {
            try await follower.requireComplete(try await follower.follow(one), one)
        }
        if let job = order.job {
            try follower.requireSucceeded(try await follower.follow(job: job), "the comparison")
        }
        let gate = try await gate(pair, order.comparison)
        try await decide(by: gate)
        return gate
    }

    /// The figures that decide, of two evaluations that are complete: the candidate's and the standing version's.
    func gate(_ pair: EvaluationPair, _ comparison: ComparisonID) async throws -> PromotionGate {
        let result = try await ComparisonResult(pair, comparison, in: self)
        let dice = result.rows.first { $0.metric == .dice && $0.label == nil }
        return PromotionGate(
            candidate: pair.first.model, standing: pair.second.model, comparison: comparison,
            dataSet: pair.first.identity.dataSet, split: pair.first.identity.split, pairs: dice?.pairs ?? 0,
            meanDifference: dice?.meanDifference, p: dice?.paired?.p)
    }

    /// Keeps the figures, and promotes the candidate if they let it pass.
    ///
    /// - Throws: `OperationError` (`refused`) where it passed, and another version was promoted since it was measured.
    package func decide(by gate: PromotionGate) async throws {
        let present = try await catalog.record(gate, actor: actor, job: nil, round: nil)
        guard gate.isPassed, present != gate.standing else { return }
        throw OperationError(
            .refused,
            "the promoted version of \(gate.candidate.name) changed meanwhile (\(present.map(\.rawValue) ?? "none"), was \(gate.standing)): ask again"
        )
    }

    /// A model's figures on cases that it has seen say nothing. Where nobody knows what it has learned from, that is
    /// remarked.
    func requireHeldOut(_ version: ModelVersion, _ request: EvaluationRequest) async throws {
        let learned = try await LearnedCases(of: version, in: self)
        let known = try await request.order(version, in: self).cases.filter { learned.contains($0) }
        if let first = known.first {
            throw OperationError(
                .badInput,
                "\(version.reference) has learned from \(Wording.count(known.count, "case")) of split '\(request.split)' (\(first.name)): it can be judged on cases held out only, see `columna dataset split`"
            )
        }
        for gap in learned.gaps {
            let subject = gap.version == version.reference ? "" : ", from which \(version.reference) was made,"
            remark("nobody knows all that \(gap.version)\(subject) has learned from: \(gap.why)")
        }
    }
}

extension PromotionGate: Documented {
    package var document: JSONValue {
        [
            "candidate": JSONValue(candidate), "standing": JSONValue(standing), "comparison": JSONValue(comparison),
            "data_set": JSONValue(dataSet), "split": JSONValue(split), "pairs": JSONValue(pairs),
            "mean_difference": JSONValue(meanDifference), "p": JSONValue(p),
            "significance": JSONValue(Self.significance), "passed": JSONValue(isPassed),
        ]
    }

    /// What the figures say, in a sentence.
    package var sentence: String {
        let difference = meanDifference.map { "\($0 >= 0 ? "+" : "−")\(Wording.ratio(abs($0)))" } ?? "undefined"
        return
            "mean Dice \(candidate) − \(standing): \(difference) over \(Wording.count(pairs, "pair")) (\(dataSet), split \(split)), paired t-test p \(Wording.ratio(p))"
    }
}
