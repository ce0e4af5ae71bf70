import Console
import Evaluations
import Foundation
import JobEngine
import Operations
import Plans
import Studies
import WorkerRuntime

/// The model measured on phantoms it has not seen, with a report.
extension Demo {
    /// - Returns: the page to open.
    mutating func evaluate(_ model: ModelVersion) async throws -> URL {
        let known = try await system.catalog.cases(
            dataSet: DemoRecipe.dataSet, tenant: DemoRecipe.tenant, split: DemoRecipe.testSplit)
        if known.count < DemoRecipe.testSeeds.count {
            try await importPhantoms(DemoRecipe.testSeeds, split: DemoRecipe.testSplit)
        }
        let stopwatch = Stopwatch()
        let order = EvaluationOrder(
            model: model, preprocessing: try DemoRecipe.plan.preprocessingSignature(),
            snapshot: try await system.catalog.snapshot(dataSet: DemoRecipe.dataSet, tenant: DemoRecipe.tenant),
            split: DemoRecipe.testSplit,
            repairs: true, release: CodeVersion.release, priority: .urgent)
        let evaluation = try await order.place(in: system.store, system.catalog, actor: system.actor).evaluation
        try await follower.requireComplete(try await follower.follow(evaluation), evaluation)
        clock.add("evaluation of \(evaluation.cases.count) cases", seconds: stopwatch.seconds, process: nil)
        let reporter = try await EvaluationReporter([evaluation], in: system)
        let folder = directory.appending(path: "demo/report", directoryHint: .isDirectory)
        return try await reporter.write(try reporter.pictured(worst: DemoRecipe.testSeeds.count), to: folder)
    }
}
