import Documents
import Faults
import Foundation
package import JobEngine
package import Learning
import Networks
package import Plans
package import Studies

/// A wish for a new version of a model, learned from a data set.
package struct TrainingOrder: Sendable {
    package var model: ModelReference
    package var dataSet: String
    package var tenant: Tenant
    package var plan: Plan
    /// What it leaves open, the plan decides.
    package var recipe: Recipe
    package var priority: Priority
    /// Of the data set's folds, the one to learn from and to be validated on; nil: the splits `train` and, where it has
    /// cases, `val`.
    package var fold: Int?
    /// Nil: five.
    package var minutesBetweenCheckpoints: Double?
    /// The model whose weights it begins with, for fine-tuning: one of the plan's network but for its classes. Nil: by the recipe's seed.
    package var startsFrom: ModelReference?
    /// The round of corrections that begins it.
    package var correctionRound: Int?

    package init(
        model: ModelReference, dataSet: String, tenant: Tenant, plan: Plan, recipe: Recipe,
        priority: Priority = .routine
    ) {
        self.model = model
        self.dataSet = dataSet
        self.tenant = tenant
        self.plan = plan
        self.recipe = recipe
        self.priority = priority
    }

    /// Places the job over the cases that the data set has now; what it would die of is said at once.
    ///
    /// - Throws: `OperationError`: `usage` where the model is named with a version, `missing` where there is no such data
    ///   set, `badInput` where it has no cases to train on, or others than the plan needs.
    package func place(in system: SystemConnection) async throws -> JobID {
        let request = try await request(in: system)
        _ = try await system.store.enqueue([request])
        return request.id
    }

    /// The job, which is not placed yet.
    ///
    /// - Parameter key: makes a repeat the same job; nil: it is always another.
    /// - Throws: as `place`.
    func request(in system: SystemConnection, key: String? = nil) async throws -> JobRequest {
        guard model.version == nil else {
            throw OperationError(
                .usage, "'\(model)' names a version, and what is trained gets the next one: name it \(model.name)")
        }
        if let minutes = minutesBetweenCheckpoints, !(0.1...1440).contains(minutes) {
            throw OperationError(.usage, "checkpoints must be 0.1 to 1440 minutes apart, got \(minutes)")
        }
        let generated = try generatedDataSet()
        let cases = generated == nil ? try await usableCases(system) : (training: [], validation: [])
        var training = TrainModel(
            model: model, dataSet: dataSet, planJSON: String(decoding: try plan.json(), as: UTF8.self),
            recipeJSON: String(decoding: try recipe.completed(by: plan).json(), as: UTF8.self),
            cases: generated == nil ? cases.training : nil,
            validation: cases.validation.isEmpty ? nil : cases.validation, fold: fold,
            minutesBetweenCheckpoints: minutesBetweenCheckpoints)
        training.correctionRound = correctionRound
        var inputs: [ArtifactReference] = []
        if let startsFrom {
            let version = try await fitting(startsFrom, system)
            training.startsFrom = version.reference
            inputs = [version.weights]
        }
        return try JobRequest(training, tenant: tenant, priority: priority, deduplicationKey: key, inputs: inputs)
    }

    private func fitting(_ model: ModelReference, _ system: SystemConnection) async throws -> ModelVersion {
        let version = try await system.model(model)
        // Its classes may be others: the worker carries them over by their labels.
        let known = try Plan(json: Data(version.planJSON.utf8)).network
        guard known.parameterTable.map(\.name) == plan.network.parameterTable.map(\.name) else {
            throw OperationError(
                .badInput,
                "\(version.reference) has another network than the plan: train with its plan (`columna models show \(version.reference) --json` has it)"
            )
        }
        return version
    }

    /// Nil: its cases are stored.
    private func generatedDataSet() throws -> GeneratedDataSet? {
        guard dataSet.hasPrefix(GeneratedDataSet.prefix) else { return nil }
        guard let generated = GeneratedDataSet(rawValue: dataSet) else {
            let known = GeneratedDataSet.allCases.map(\.rawValue).joined(separator: ", ")
            throw OperationError(.usage, "there is no generated data set '\(dataSet)', expected one of \(known)")
        }
        guard fold == nil else {
            throw OperationError(.usage, "\(dataSet) has no folds: its cases are made while the training goes on")
        }
        guard recipe.stepsPerEpoch != nil else {
            throw OperationError(
                .usage,
                "\(dataSet) never ends, so an epoch has no length of its own: say --steps-per-epoch, or stepsPerEpoch in the recipe"
            )
        }
        guard !generated.isOfScenes || plan.labelSet == GeneratedDataSet.labelSetOfScenes else {
            throw OperationError(
                .badInput,
                "the plan's label set is '\(plan.labelSet)', and the scenes of \(dataSet) have the labels of \(GeneratedDataSet.labelSetOfScenes): train with a plan of that, or on another data set"
            )
        }
        return generated
    }

    private func usableCases(_ system: SystemConnection) async throws -> (
        training: [DataSetCase], validation: [DataSetCase]
    ) {
        let cases = try await chosenCases(system)
        guard !cases.training.isEmpty else {
            if try await system.catalog.cases(dataSet: dataSet, tenant: tenant, split: nil).isEmpty {
                throw try await system.noCases(dataSet, tenant)
            }
            throw OperationError(
                .badInput,
                "data set '\(dataSet)' of tenant \(tenant) has no cases to train on: add some with `columna dataset import`, or put some into the split train with `columna dataset split`"
            )
        }
        try requirePreparation(of: cases)
        return cases
    }

    /// The cases of a fold are learned from in the others, so they are validated on as they are learned from.
    private func requirePreparation(of cases: (training: [DataSetCase], validation: [DataSetCase])) throws {
        let learned = try plan.preprocessingSignature()
        let validated = fold == nil ? try plan.preprocessingSignature(cropTo: .label) : learned
        let all = cases.training + cases.validation
        let strangers = all.count { $0.planDigest != learned && $0.planDigest != validated }
        guard strangers == 0 else {
            throw OperationError(
                .badInput,
                "\(strangers) of \(Wording.count(all.count, "case")) of data set '\(dataSet)' were preprocessed by another plan: run `columna dataset prepare \(dataSet) --plan …` with this one, or train with theirs"
            )
        }
        let moved =
            cases.training.filter { $0.planDigest != learned } + cases.validation.filter { $0.planDigest != validated }
        guard moved.isEmpty else {
            throw OperationError(
                .badInput,
                "\(moved[0].name)\(moved.count > 1 ? " and \(moved.count - 1) more" : "") of data set '\(dataSet)' "
                    + "\(moved.count == 1 ? "was" : "were") cropped for the other of train and val, before the case was put where it is: "
                    + "run `columna dataset prepare \(dataSet) --plan …` again, which prepares such cases anew"
            )
        }
    }

    private func chosenCases(_ system: SystemConnection) async throws -> (
        training: [DataSetCase], validation: [DataSetCase]
    ) {
        if let fold { return try await system.cases(ofFold: fold, of: dataSet, tenant: tenant) }
        func cases(_ split: String) async throws -> [DataSetCase] {
            try await system.catalog.cases(dataSet: dataSet, tenant: tenant, split: split)
        }
        return (try await cases(DataSetCase.trainingSplit), try await cases(DataSetCase.validationSplit))
    }
}
