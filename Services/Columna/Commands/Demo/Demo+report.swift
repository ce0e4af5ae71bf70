import Foundation
import JobEngine
import LocalServices
import Operations
import Persistence
import Registry
import Studies

/// What the demo shows at its end: metrics and lineage from PostgreSQL, and where the results lie.
extension Demo {
    /// - Parameter page: the report on the phantoms that the model was measured on.
    func show(_ report: StudyReport, evaluated page: URL) async throws {
        let results = try await copyResults(report)
        print("\nStages\n" + clock.text)
        try await printLineage(report)
        if report.metrics.isEmpty {
            print("\nNo ground truth came with the study, so there are no metrics. Give one with LABEL=<NIfTI>.")
        } else {
            print("\nMetrics per class, read from PostgreSQL\n" + MetricsPresentation.table(report.metrics))
        }
        print("\nResults")
        for (title, url) in results { print("  \(title): \(url.path)") }
        print(
            "  evaluation over \(DemoRecipe.testSeeds.count) phantoms the model has not seen (HTML, CSV, JSON): \(page.path)"
        )
        print("  for analysts: psql '\(environment.analystURL)' -c 'SELECT * FROM analytics.case_metrics'")
        print("  for operators: .build/release/columna jobs list    (and `columna local down` to end all processes)")
        if files != nil {
            print(
                "\nThe demo's model has seen phantoms only: on a patient's CT its labels show the way of the data, nothing else."
            )
        }
    }

    private func printLineage(_ report: StudyReport) async throws {
        print("\nLineage of study \(report.study.id)")
        for job in report.jobs {
            print("  \(job.kind.rawValue) \(job.id)")
            for row in try await Lookup(pool: system.pool).lineage(of: job.id).artifacts {
                let model = row.role == ArtifactKind.weights.role ? row.model.map { " (\($0))" } ?? "" : ""
                print("    \(row.isInput ? "reads " : "writes") \(row.role)\(model)  \(row.address)")
            }
        }
    }

    /// Copies the results out of storage under names a person can open.
    private func copyResults(_ report: StudyReport) async throws -> [(String, URL)] {
        let titles = [
            ArtifactKind.labelMap.role: "label map (NIfTI on the original CT grid)",
            ArtifactKind.picture.role: "picture (PNG: raw, overlay; sagittal, coronal, axial)",
        ]
        let folder = directory.appending(path: "demo/results/\(report.study.id)")
        return try await report.copyResults(to: folder).map { (titles[$0.role] ?? $0.role, $0.file) }
    }
}
