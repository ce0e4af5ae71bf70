import Documents
import Faults
import Foundation
import JobEngine
import Learning
import Logging
import Networks
import Plans
import Storage
import Studies
import Volumes
import WorkerRuntime

/// Trains a model on a data set's network-ready cases; resumes from the last checkpoint after an interruption or a
/// crash.
struct TrainModelJob: JobHandler {
    let catalog: any Catalog
    let ranks: RankSettings
    let objects: any ObjectStore

    func run(_ job: JobContext, _ parameters: TrainModel) async throws -> Completion {
        let (plan, recipe) = try Self.read(parameters)
        let source = try await source(parameters, plan, recipe, job)
        let standing = try await StandingCheckpoint(of: job)
        let session = try TrainingSession(
            plan: plan, recipe: recipe, cases: source.cases, split: source.split,
            initial: try await initialWeights(plan, recipe, job),
            standing: standing,
            secondsBetweenSaves: 60
                * (parameters.minutesBetweenCheckpoints ?? TrainModel.customaryMinutesBetweenCheckpoints),
            ranks: try await ranked(parameters, source.stored), job: job)
        let (result, facts) = try await session.run()

        try job.progress(0.99, "storing the models")
        let models = try await TrainedWeights(result, parameters, job)
        let dice = models.drafts.first?.validationDice
        return Completion(
            outputs: models.outputs, additionalInputs: source.inputs,
            facts: facts + (try models.drafts.map(Fact.modelTrained)),
            summary: "\(parameters.model.name) from \(source.name), best epoch \(result.bestEpoch)"
                + (result.end == .complete ? "" : " of \(result.history.count) done when it ended")
                + (dice.map { String(format: ", validation Dice %.3f", $0) } ?? ", not validated"))
    }

    /// Whoever orders a training has read its plan and its recipe. What this program cannot read is of a newer one, and
    /// is left to a worker of that.
    private static func read(_ parameters: TrainModel) throws -> (Plan, Recipe) {
        let plan = try JobFailure.blamingInput("plan-invalid") {
            try JobFailure.leavingToNewer("plan-unreadable", PlanErrorCode.unreadablePlan) {
                try Plan(json: Data(parameters.planJSON.utf8))
            }
        }
        let recipe = try JobFailure.blamingInput("recipe-invalid") {
            try JobFailure.leavingToNewer("recipe-unreadable", LearningErrorCode.unreadableRecipe) {
                try Recipe(json: Data(parameters.recipeJSON.utf8))
            }
        }
        return (plan, recipe)
    }

    /// Nil: it is computed in this process.
    private func ranked(_ parameters: TrainModel, _ cases: [DataSetCase]) async throws -> TrainingSession.Ranks? {
        guard ranks.count > 1 else { return nil }
        return TrainingSession.Ranks(
            settings: ranks, storage: try await objects.identity(), dataSet: parameters.dataSet, cases: cases,
            recipeJSON: parameters.recipeJSON)
    }

    /// Those of the model that it starts from.
    private func initialWeights(_ plan: Plan, _ recipe: Recipe, _ job: JobContext) async throws -> Parameters? {
        guard job.reference(.weights) != nil else { return nil }
        let file = try await job.input(.weights)
        let model = try JobFailure.blamingInput("model-unreadable") {
            try JobFailure.leavingToNewer("plan-unreadable", PlanErrorCode.unreadablePlan) { try ModelFile.read(file) }
        }
        let weights = try JobFailure.blamingInput("model-unfit") {
            try TransferredWeights(from: model, to: plan, seed: recipe.seed)
        }
        job.log.info(
            "beginning with a model's weights",
            metadata: ["carriedLabels": "\(weights.carried.count)", "freshLabels": "\(weights.fresh)"])
        return weights.parameters
    }

    /// What a training learns from.
    private struct Source {
        let cases: any TrainingCases
        /// Where they are; of generated ones none.
        var stored: [DataSetCase] = []
        /// Nil: the recipe says.
        var split: TrainingSplit?
        var inputs: [ArtifactReference] = []
        /// `12 cases`.
        let name: String
    }

    private func source(_ parameters: TrainModel, _ plan: Plan, _ recipe: Recipe, _ job: JobContext) async throws
        -> Source
    {
        if let generated = GeneratedDataSet(rawValue: parameters.dataSet) {
            let phantoms = try JobFailure.blamingInput("plan-invalid") {
                try generated.cases(plan: plan, recipe: recipe)
            }
            return Source(cases: phantoms, name: parameters.dataSet)
        }
        let (cases, split) = try await usableCases(parameters, plan, job)
        return Source(
            cases: try await StoredCases(cases, job), stored: cases, split: split,
            inputs: cases.flatMap { [$0.image, $0.label] },
            name: Wording.count(cases.count, "case"))
    }

    /// Cases that were made network-ready as this plan wants them, and which of them validate; nil: the recipe says.
    private func usableCases(_ parameters: TrainModel, _ plan: Plan, _ job: JobContext) async throws
        -> (all: [DataSetCase], split: TrainingSplit?)
    {
        let dataSet = parameters.dataSet
        var cases = parameters.cases ?? []
        if parameters.cases == nil {
            cases = try await catalog.cases(
                dataSet: dataSet, tenant: job.record.tenant, split: DataSetCase.trainingSplit)
        }
        guard !cases.isEmpty else {
            throw JobFailure(
                class: .data, code: "data-set-empty",
                reason: "data set '\(dataSet)' has no cases to train on: add some with `columna dataset import`")
        }
        let validation = parameters.validation ?? []
        let all = cases + validation
        // Which of the two a case needs was asked when the training was ordered.
        let signatures = [try plan.preprocessingSignature(), try plan.preprocessingSignature(cropTo: .label)]
        let strangers = all.filter { !signatures.contains($0.planDigest) }
        guard strangers.isEmpty else {
            throw JobFailure(
                class: .data, code: "plan-mismatch",
                reason:
                    "\(strangers.count) of \(all.count) cases of data set '\(dataSet)' were preprocessed by another plan: import them anew with --plan"
            )
        }
        return (
            all,
            validation.isEmpty
                ? nil
                : TrainingSplit(training: Array(cases.indices), validation: Array(cases.count..<all.count))
        )
    }
}
