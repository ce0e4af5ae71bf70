package import CohortAnalysis
import JobEngine
package import Studies

extension Cohort {
    /// The measured cases of an evaluation.
    ///
    /// - Parameter variant: of `unrepaired`, a case that no repair changed counts as it went out, so that both cohorts
    ///   hold the same cases.
    package static func measured(
        _ evaluation: Evaluation, _ variant: MeasuredCase.Variant = .delivered, in catalog: any Catalog
    ) async throws -> Cohort {
        let rows = try await catalog.measurements(of: evaluation.cases.map(\.measurement))
        let wanted = Dictionary(grouping: rows, by: \.caseName).values.compactMap { rows in
            rows.first { $0.variant == variant } ?? rows.first { $0.variant == .delivered }
        }
        let sources = Dictionary(evaluation.cases.map { ($0.name, "\($0.volume) \($0.truth)") }) { first, _ in first }
        return Cohort(
            cases: wanted.map {
                EvaluatedCase(name: $0.caseName, source: sources[$0.caseName] ?? "", metrics: $0.metrics)
            })
    }
}
