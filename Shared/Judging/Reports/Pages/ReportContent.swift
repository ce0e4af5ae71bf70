import Anatomy
import CohortAnalysis
import Metrics

/// What the pages of a report are written from, with what several of them need.
struct ReportContent {
    let report: EvaluationReport
    let comparisons: [ModelComparison]
    /// The cases that have a page of their own, in order, with the page's id.
    let pages: [(reference: CaseReference, id: String)]
    /// One per model.
    let summaries: [SummaryIndex]
    /// Metrics that any model has values for, in the order of `Metric`.
    let metrics: [Metric]
    /// Classes that any model has values for.
    let labels: [Label]
    private let ids: [CaseReference: String]

    init(_ report: EvaluationReport, comparisons: [ModelComparison], pictured: [CaseReference]) {
        self.report = report
        self.comparisons = comparisons
        summaries = report.models.map { SummaryIndex($0.summaries) }
        let measured = Set(summaries.flatMap(\.metrics))
        metrics = Metric.allCases.filter(measured.contains)
        let present = Set(
            report.models.flatMap { model in
                model.summaries.compactMap { $0.description == nil ? nil : $0.label }
                    + model.cohort.cases.flatMap { $0.metrics.classes.filter { $0.presence != .absent }.map(\.label) }
            })
        labels = report.labelSet.labels.filter { present.contains($0.value) }
        var pages: [(reference: CaseReference, id: String)] = []
        var ids: [CaseReference: String] = [:]
        for reference in pictured where ids[reference] == nil {
            ids[reference] = "case-\(pages.count + 1)"
            pages.append((reference, "case-\(pages.count + 1)"))
        }
        self.pages = pages
        self.ids = ids
    }

    /// The case's name, as a link to its page if it has one.
    func link(_ caseName: String, of modelName: String) -> HTML {
        guard let id = ids[CaseReference(caseName: caseName, modelName: modelName)] else { return HTML(text: caseName) }
        return "<a href=\"#\(id)\">\(caseName)</a>"
    }

    func name(of label: UInt8?) -> String {
        label.map { report.labelSet.name(of: $0) ?? "label \($0)" } ?? "–"
    }

    /// Classes in order, then nil for all of them together.
    var rows: [UInt8?] { labels.map { $0.value } + [nil] }

    func rowTitle(_ label: UInt8?) -> HTML {
        label.map { "<th scope=\"row\">\(name(of: $0))</th>" } ?? "<th scope=\"row\">all classes</th>"
    }

    func rowAttribute(_ label: UInt8?) -> HTML { label == nil ? " class=\"all\"" : .empty }
}
