import ArgumentParser
import Evaluations
import Foundation
import JobEngine
import Metrics
import Plans
import WorkerRuntime

/// What `evaluate` and `compare` ask of a data set and its metrics.
struct EvaluationOptions: ParsableArguments {
    @Option(help: "The data set whose cases are measured.")
    var dataSet: String?

    @Option(help: "Which of its cases: test, train, a split of your own, or all.")
    var split = "test"

    @Option(name: .customLong("tolerance"), parsing: .upToNextOption, help: ArgumentHelp("For boundary F1 and surface Dice, in mm.", valueName: "mm"))
    var tolerances: [Double] = MetricOptions().tolerancesInMillimetres

    @Option(help: "What ratios say of classes that a map lacks: undefined, monai, nnu-net or miseval.")
    var emptyClasses = EmptyClassPolicy.undefined

    @Flag(inversion: .prefixedNo, help: "Measure distances between marching-cubes surfaces too.")
    var mesh = true

    @Flag(help: "Repair label maps where that is unambiguous; metrics are kept with and without.")
    var repair = false

    @Option(help: "Whose data set.")
    var tenant = "local"

    @Option(help: "urgent, routine or bulk.")
    var priority = Priority.bulk

    func validate() throws {
        guard !tolerances.isEmpty, tolerances.allSatisfy({ $0 > 0 && $0.isFinite }) else {
            throw ValidationError("--tolerance takes positive numbers of mm, got \(tolerances.map { "\($0)" }.joined(separator: " "))")
        }
    }

    /// Orders the evaluation of a model by these options.
    func place(_ model: ModelVersion, in system: SystemConnection) async throws -> EvaluationOrder.Placed {
        guard let dataSet else { throw ValidationError("name the data set with --data-set") }
        let snapshot = try await system.catalog.snapshot(dataSet: dataSet, tenant: tenant)
        let order = EvaluationOrder(
            model: model, preprocessing: try Plan(json: Data(model.planJSON.utf8)).preprocessingSignature(), snapshot: snapshot,
            split: split == EvaluationOrder.allCases ? nil : split,
            options: MetricOptions(tolerancesInMillimetres: tolerances, emptyClasses: emptyClasses, measuresMeshes: mesh), repairs: repair,
            codeVersion: CodeVersion.current, priority: priority)
        guard !order.cases.isEmpty else { throw Self.nothingToMeasure(snapshot, split) }
        return try await order.place(in: system.store, system.catalog, actor: system.actor, now: Date())
    }

    private static func nothingToMeasure(_ snapshot: DataSetSnapshot, _ split: String) -> CommandFailure {
        guard !snapshot.cases.isEmpty else {
            return CommandFailure(.badData, "data set '\(snapshot.dataSet)' of tenant \(snapshot.tenant) has no cases: see `columna dataset list`")
        }
        let splits = Dictionary(grouping: snapshot.cases, by: \.split).map { "\($0.value.count) in \($0.key)" }.sorted().joined(separator: ", ")
        return CommandFailure(
            .badData,
            "data set '\(snapshot.dataSet)' has no case in split '\(split)' (\(splits)): put some there with `columna dataset split`, or say --split all")
    }
}

