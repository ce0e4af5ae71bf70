import CohortAnalysis
import Documents
import Faults
package import Foundation

/// Writes the files of a report.
package enum ReportWriter {
    /// How far writing is.
    package struct Progress: Sendable, Hashable {
        package var casesDone: Int
        package var cases: Int
    }

    /// Writes into `folder`, which is made if it is not there:
    /// - `report.html`: everything in one file that fetches nothing;
    /// - `metrics.csv`: a line per model, case and class, a column per metric; `summary.csv`, `comparison.csv` and
    ///   `confusion.csv`: long;
    /// - `report.json`: all numbers, null where undefined.
    ///
    /// Equal reports give equal bytes. `pictured` are the cases that get a page with slices and surfaces, in this
    /// order; nil: the bad cases of all models. `images` is asked for one of them at a time; where it gives nil, the
    /// page says that there are no pictures. It and `progress` may throw to end the writing; files appear whole or not
    /// at all. Blocks and uses all cores: keep it off Swift's cooperative threads.
    ///
    /// Throws `nothingToReport` without any model, `notWritable`, `gridsDiffer` for images not on one grid, and what
    /// the closures throw.
    package static func write(
        _ report: EvaluationReport, comparisons: [ModelComparison] = [], pictured: [CaseReference]? = nil,
        to folder: URL,
        images: (CaseReference) throws -> CaseImages? = { _ in nil }, progress: (Progress) throws -> Void = { _ in }
    ) throws {
        guard !report.models.isEmpty else {
            throw ReportError(
                .nothingToReport,
                "a report needs at least one evaluated model, got none; name an evaluation that has completed")
        }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw ReportError(.notWritable, "the report's folder cannot be made: check permissions and space")
        }
        let content = ReportContent(report, comparisons: comparisons, pictured: pictured ?? badCases(report))
        try writeTables(content, to: folder)
        try writeJSON(content, to: folder)
        try writePages(content, to: folder, images: images, progress: progress)
    }

    private static func badCases(_ report: EvaluationReport) -> [CaseReference] {
        report.models.flatMap { model in model.badCases.map { CaseReference(caseName: $0.name, modelName: model.name) }
        }
    }

    private static func writePages(
        _ content: ReportContent, to folder: URL, images: (CaseReference) throws -> CaseImages?,
        progress: (Progress) throws -> Void
    ) throws {
        let file = try ReportFile("report.html", in: folder)
        let frame = ReportFrame(content: content)
        try file.append(frame.opening().markup)
        try file.append(OverviewPage(content: content).html().markup)
        try file.append(TablesPage(content: content).html().markup)
        try file.append(DistributionsPage(content: content).html().markup)
        try file.append(ConfusionPage(content: content).html().markup)
        if !content.comparisons.isEmpty { try file.append(ComparisonPage(content: content).html().markup) }
        try file.append(CasesPage(content: content).html().markup)
        for (index, page) in content.pages.enumerated() {
            try progress(Progress(casesDone: index, cases: content.pages.count))
            try file.append(CasePage(content: content, index: index).html(images(page.reference)).markup)
        }
        try progress(Progress(casesDone: content.pages.count, cases: content.pages.count))
        try file.append(DefinitionsPage(content: content).html().markup)
        try file.append(frame.closing.markup)
        try file.finish()
    }

    private static func writeTables(_ content: ReportContent, to folder: URL) throws {
        let tables = ReportTables(content: content)
        var metrics = CSVTable(header: ReportTables.metricsHeader)
        for model in content.report.models { tables.metrics(of: model, into: &metrics) }
        for (name, table) in [
            ("metrics.csv", metrics), ("summary.csv", tables.summary), ("comparison.csv", tables.comparison),
            ("confusion.csv", tables.confusion),
        ] {
            let file = try ReportFile(name, in: folder)
            try file.append(table.text)
            try file.finish()
        }
    }

    private static func writeJSON(_ content: ReportContent, to folder: URL) throws {
        let json = ReportJSON(content: content)
        let file = try ReportFile("report.json", in: folder)
        var text = "{"
        for (name, value) in json.opening { text += "\"\(name)\":\(value.compact),\n" }
        try file.append(text + "\"models\":[\n")
        for (index, model) in content.report.models.enumerated() {
            try file.append((index > 0 ? ",\n" : "") + json.model(model).compact)
        }
        try file.append("\n],\n\"comparisons\":[\n")
        for (index, comparison) in content.comparisons.enumerated() {
            try file.append((index > 0 ? ",\n" : "") + json.comparison(comparison).compact)
        }
        try file.append("\n]}\n")
        try file.finish()
    }
}
