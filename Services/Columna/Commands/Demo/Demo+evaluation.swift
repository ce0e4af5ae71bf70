import Console
import Evaluations
import Foundation
import JobEngine
import Operations
import Studies

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
        var request = EvaluationRequest(
            dataSet: DemoRecipe.dataSet, split: DemoRecipe.testSplit, tenant: DemoRecipe.tenant)
        request.repairs = true
        request.priority = .urgent
        let evaluation = try await request.place(try await request.order(model, in: system), in: system).evaluation
        try await follower.requireComplete(try await follower.follow(evaluation), evaluation)
        clock.add("evaluation of \(evaluation.cases.count) cases", seconds: stopwatch.seconds, process: nil)
        let reporter = try await EvaluationReporter([evaluation], in: system)
        let folder = directory.appending(path: "demo/report", directoryHint: .isDirectory)
        let page = try await reporter.write(try reporter.pictured(worst: DemoRecipe.testSeeds.count), to: folder) {
            [progress = follower.progress] in progress.show($0, $1)
        }
        follower.progress.end()
        return page
    }
}
