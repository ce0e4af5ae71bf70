import Anatomy
import CohortAnalysis
import Documents
import Faults
package import Foundation
package import Reports
package import Studies
import Threads

/// Writes a report on evaluations from what PostgreSQL and the storage have.
package struct EvaluationReporter: Sendable {
    package typealias Progress = @Sendable (_ fraction: Double?, _ note: String) -> Void

    package let report: EvaluationReport
    private let sources: [StoredCaseImages.Source]
    private let system: SystemConnection

    /// Where a repair changed label maps, the evaluation stands in the report twice: as they went out, and before it.
    ///
    /// - Parameter title: nil: from the data set and its split.
    package init(_ evaluations: [Evaluation], title: String? = nil, in system: SystemConnection) async throws {
        let names = ReportNames.unique(evaluations)
        var models: [EvaluatedModel] = []
        var sources: [StoredCaseImages.Source] = []
        for (name, evaluation) in zip(names, evaluations) {
            guard let run = try await system.run(of: evaluation), run.measured > 0 else {
                throw OperationError(
                    .missing,
                    "evaluation \(evaluation.id) has no measured case yet; see `columna evaluations`"
                )
            }
            if run.measured < run.cases {
                system.remark("of \(name) only \(run.measured) of \(Wording.count(run.cases, "case")) are measured")
            }
            let result = try await EvaluationResult(run, evaluation, in: system)
            models.append(
                EvaluatedModel(
                    name: name, facts: ReportNames.facts(run, evaluation), cohort: result.cohort,
                    summaries: result.summaries,
                    badCases: result.badCases))
            sources.append(StoredCaseImages.Source(model: name, evaluation: evaluation, labelMaps: [.labelMap]))
            guard let unrepaired = result.unrepaired, unrepaired != result.cohort else { continue }
            let former = name.replacing(", repaired", with: "") + ", before repair"
            models.append(
                EvaluatedModel(
                    name: former, facts: ReportNames.facts(run, evaluation), cohort: unrepaired,
                    summaries: result.unrepairedSummaries,
                    badCases: []))
            sources.append(
                StoredCaseImages.Source(
                    model: former, evaluation: evaluation, labelMaps: [.unrepairedLabelMap, .labelMap]))
        }
        report = EvaluationReport(
            title: title ?? ReportNames.title(names, evaluations), models: models, labelSet: .spine25)
        self.sources = sources
        self.system = system
    }

    /// Which cases get a page with pictures: those named, and so many of each model's worst; each for every model.
    package func pictured(worst count: Int, named: [String] = []) throws -> [CaseReference] {
        let known = Set(report.models.flatMap { $0.cohort.cases.map(\.name) })
        if let stranger = named.first(where: { !known.contains($0) }) {
            throw OperationError(
                .badInput,
                "no evaluation has a case '\(stranger)'; there are \(known.sorted().prefix(5).joined(separator: ", "))…"
            )
        }
        var names: [String] = []
        for name in named + report.models.flatMap({ $0.badCases.prefix(count).map(\.name) }) where !names.contains(name)
        { names.append(name) }
        return names.flatMap { name in
            report.models.filter { $0.cohort.cases.contains { $0.name == name } }.map {
                CaseReference(caseName: name, modelName: $0.name)
            }
        }
    }

    /// Blocks no thread of others: what computes has its own.
    ///
    /// - Returns: the page to open.
    package func write(
        _ pictured: [CaseReference], to folder: URL, progress: @escaping Progress = { _, _ in }
    ) async throws -> URL {
        let images = try await StoredCaseImages(sources, pictured: pictured, system)
        let report = report
        try await OwnThread.run {
            try ReportWriter.write(
                report, comparisons: Self.comparisons(report, progress), pictured: images.references, to: folder,
                images: { images.read($0) },
                progress: {
                    progress(
                        Double($0.casesDone) / Double(max(1, $0.cases)), "drawing case \($0.casesDone) of \($0.cases)")
                })
        }
        return folder.appending(path: "report.html")
    }

    /// Every pair of models.
    private static func comparisons(_ report: EvaluationReport, _ progress: Progress) -> [ModelComparison] {
        let labels = report.labelSet.labels.map(\.value)
        return report.models.enumerated().flatMap { index, first in
            report.models[(index + 1)...].map { second in
                progress(nil, "comparing \(first.name) and \(second.name)")
                return ModelComparison(
                    a: first.name, b: second.name,
                    rows: CohortComparison.compare(first.cohort, second.cohort, labels: labels))
            }
        }
    }
}
