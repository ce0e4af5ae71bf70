import Foundation
import JobEngine
import Learning
import Logging
import Plans
import Studies
import Volumes
import WorkerRuntime

/// Trains a model on a data set's network-ready cases; resumes from the last checkpoint after an interruption or a
/// crash.
struct TrainModelJob: JobHandler {
    let catalog: any Catalog

    func run(_ job: JobContext, _ parameters: TrainModel) async throws -> Completion {
        let name = parameters.model.name
        let plan = try JobFailure.blamingInput("plan-invalid") { try Plan(json: Data(parameters.planJSON.utf8)) }
        let recipe = try JobFailure.blamingInput("recipe-invalid") {
            try Recipe(json: Data(parameters.recipeJSON.utf8))
        }
        let cases = try await usableCases(parameters, plan, job)
        let files = try await StoredCases(cases, job)
        let checkpoint = try await lastCheckpoint(job)
        let session = try TrainingSession(plan: plan, recipe: recipe, cases: files, checkpoint: checkpoint, job: job)
        let result = try await session.run()

        try job.progress(0.99, "storing the model")
        let weights = try await job.store(.weights) { try ModelFile.write(result.best, to: $0) }
        let dice = result.history.compactMap(\.validationDice).max()
        let draft = ModelVersionDraft(
            name: name, weights: weights, planJSON: parameters.planJSON, recipeJSON: parameters.recipeJSON,
            dataSet: parameters.dataSet,
            validationDice: dice)
        return Completion(
            outputs: [weights], additionalInputs: cases.flatMap { [$0.image, $0.label] },
            facts: [try .modelTrained(draft)],
            summary: "\(name) from \(cases.count) cases, best epoch \(result.bestEpoch)"
                + (dice.map { String(format: ", validation Dice %.3f", $0) } ?? ", not validated"))
    }

    /// Cases that were made network-ready as this plan wants them.
    private func usableCases(_ parameters: TrainModel, _ plan: Plan, _ job: JobContext) async throws
        -> [DataSetCase]
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
        let signature = try plan.preprocessingSignature()
        let strangers = cases.filter { $0.planDigest != signature }
        guard strangers.isEmpty else {
            throw JobFailure(
                class: .data, code: "plan-mismatch",
                reason:
                    "\(strangers.count) of \(cases.count) cases of data set '\(dataSet)' were preprocessed by another plan: import them anew with --plan"
            )
        }
        return cases
    }

    private func lastCheckpoint(_ job: JobContext) async throws -> Checkpoint? {
        guard let reference = job.claimed.checkpoints.last else { return nil }
        let file = try await job.open(reference)
        let checkpoint = try Checkpoint.read(file)
        job.log.info("resuming from a checkpoint", metadata: ["step": "\(checkpoint.state.step)"])
        return checkpoint
    }
}
