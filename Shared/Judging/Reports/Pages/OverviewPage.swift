import CohortAnalysis
import Foundation
import Metrics
import Statistics

/// The first page: what was evaluated, the figures that count, and where to look next.
struct OverviewPage {
    let content: ReportContent

    func html() -> HTML {
        let models = content.report.models
        return Blocks.section(
            id: "overview", title: "Overview",
            """
            \(keyFigures)\
            <p class="note">Metrics: mean over cases ± standard deviation, below it the 95 % confidence interval of the mean and the number n of cases. Each case counts \
            once, with the mean of its classes in truth. Blue is good, red is bad (<a href="#definitions">definitions</a>).</p>\
            <h3>Dice along the spine</h3>\
            \(ClassProfile(metric: .dice, models: models, labels: content.labels).figure())\(Blocks.legend(models))\
            <p class="note">Mean per class over the cases whose truth has it; bars: 95 % confidence interval of the mean.</p>\
            \(differences)\(provenance)
            """)
    }

    private var keyFigures: HTML {
        let models = content.report.models
        let heads = models.html { "<th scope=\"col\">\($0.name)</th>" }
        let shown = (Metric.leading + [.meshRMSHausdorff, .centroidDistance]).filter(content.metrics.contains)
        let metrics = shown.html { metric in
            let cells = content.summaries.html { Blocks.cell($0[metric, nil], metric) }
            return "<tr><th scope=\"row\">\(metric.headingWithUnit)</th>\(cells)</tr>"
        }
        let facts: [(String, (Cohort) -> HTML)] = [
            ("Vertebrae identified", { share($0.cases.map(\.metrics.identification.identificationRate)) }),
            ("Detection precision", { share($0.cases.map(\.metrics.identification.detectionPrecision)) }),
            ("Detection recall", { share($0.cases.map(\.metrics.identification.detectionRecall)) }),
            ("Cases labelled off by vertebrae", { shifted($0) }),
            ("Voxels right, background included", { share($0.cases.map { $0.metrics.accuracy }, digits: 3) }),
            ("Cases", { "<td>\($0.cases.count)</td>" }),
        ]
        let rest = facts.html { title, value in
            "<tr><th scope=\"row\">\(title)</th>\(models.html { value($0.cohort) })</tr>"
        }
        return Blocks.table(
            caption: "<b>Key figures</b>",
            head: "<tr><th scope=\"col\">Measure</th>\(heads)</tr>", body: metrics + rest, class: "key")
    }

    private func share(_ values: [Double?], digits: Int = 1) -> HTML {
        let known = values.compactMap { $0 }.filter(\.isFinite)
        guard !known.isEmpty else { return "<td class=\"none\">–</td>" }
        let mean = known.reduce(0, +) / Double(known.count)
        return
            "<td><b>\(NumberText.fixed(mean * 100, digits: digits)) %</b><small>mean of n \(known.count)</small></td>"
    }

    private func shifted(_ cohort: Cohort) -> HTML {
        let shifts = cohort.cases.compactMap(\.metrics.identification.labelShift).filter { $0 != 0 }
        let kinds = Dictionary(grouping: shifts) { $0 }.sorted { $0.key < $1.key }
            .map { "\(NumberText.signed(Double($0.key), digits: 0)): \($0.value.count)" }.joined(separator: ", ")
        return "<td><b>\(shifts.count)</b>\(kinds.isEmpty ? HTML.empty : "<small>\(kinds)</small>")</td>"
    }

    /// One sentence per pair of models.
    private var differences: HTML {
        guard !content.comparisons.isEmpty else { return .empty }
        let sentences = content.comparisons.html { comparison in
            guard let row = comparison.rows.first(where: { $0.metric == .dice && $0.label == nil }) else {
                return .empty
            }
            return """
                <li><b>\(comparison.a)</b> − <b>\(comparison.b)</b>: mean Dice \(NumberText.signed(row.meanDifference, digits: 4)), 95 % CI \
                \(Blocks.interval(row.interval, 4)), \(row.pairs) pairs; paired t-test p \(p(row.paired?.p)), Wilcoxon p \(p(row.wilcoxon?.p)), \
                effect size d<sub>z</sub> = \(NumberText.fixed(row.effectSize, digits: 2)).</li>
                """
        }
        return
            "<h3>Differences between models</h3><ul>\(sentences)</ul><p class=\"note\"><a href=\"#comparison\">All classes and metrics</a></p>"
    }

    private func p(_ value: Double?) -> String {
        let text = NumberText.p(value)
        return text.hasPrefix("<") ? "< \(text.dropFirst())" : "= \(text)"
    }

    private var provenance: HTML {
        let created = content.report.createdAt.map {
            "<p class=\"note\">Written \($0.formatted(.iso8601)).</p>" as HTML
        }
        let lists = content.report.models.html { model in
            let facts = model.facts.html { "<dt>\($0.name)</dt><dd>\($0.value)</dd>" }
            let count: HTML = "<dt>cases</dt><dd>\(model.cohort.cases.count)</dd>"
            return "<div class=\"card\"><h4>\(model.name)</h4><dl>\(facts)\(count)\(options(model))</dl></div>"
        }
        return "<h3>Provenance</h3><div class=\"cards\">\(lists)</div>\(created)"
    }

    private func options(_ model: EvaluatedModel) -> HTML {
        guard let options = model.cohort.cases.first?.metrics.options else { return .empty }
        let tolerances = options.tolerancesInMillimetres.map { NumberText.exact($0) ?? "–" }.joined(separator: ", ")
        return
            "<dt>empty classes</dt><dd>\(options.emptyClasses.rawValue)</dd><dt>tolerances</dt><dd>\(tolerances) mm</dd>"
    }
}
