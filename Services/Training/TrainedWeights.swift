import JobEngine
import Learning
import Plans
import Studies
import WorkerRuntime

/// The models that a run leaves, stored: the best, and where their bytes are others the averaged and the last weights.
struct TrainedWeights {
    private(set) var outputs: [ArtifactReference] = []
    private(set) var drafts: [ModelVersionDraft] = []

    init(_ result: TrainingResult, _ parameters: TrainModel, _ job: JobContext) async throws {
        let (history, state) = (result.history, result.last.state)
        // Nil where nobody judged these very weights: another epoch's figure would be another model's.
        let ofBest = state.bestEpoch.flatMap { best in history.first { $0.epoch == best }?.validationDice }
        let ofLast = state.step == state.epochFirstStep ? history.last?.validationDice : nil
        let models: [(variant: ModelVariant, kind: ArtifactKind, model: Model?, dice: Double?)] = [
            (.best, .weights, result.best, ofBest),
            (.averaged, .averagedWeights, result.averaged, ofLast),
            // Where the recipe averages, these were not validated.
            (
                .last, .lastWeights, try result.last.model(),
                result.averaged == nil ? ofLast : nil
            ),
        ]
        for one in models {
            guard let model = one.model else { continue }
            let stored = try await job.store(one.kind) { try ModelFile.write(model, to: $0) }
            guard !outputs.contains(where: { $0.address == stored.address }) else { continue }
            outputs.append(stored)
            var weights = stored
            // To those who use the version they are weights like any other's.
            weights.role = ArtifactKind.weights.role
            drafts.append(
                ModelVersionDraft(
                    name: parameters.model.name, weights: weights, planJSON: parameters.planJSON,
                    recipeJSON: parameters.recipeJSON, dataSet: parameters.dataSet, validationDice: one.dice,
                    variant: one.variant))
        }
    }
}
