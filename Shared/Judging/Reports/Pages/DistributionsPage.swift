import Metrics

/// How the values of cases spread, per class and model.
struct DistributionsPage {
    let content: ReportContent

    func html() -> HTML {
        let models = content.report.models
        let options = Metric.drawn.filter(content.metrics.contains).map { metric in
            (
                value: metric.rawValue, title: metric.headingWithUnit, isLeading: Metric.leading.contains(metric),
                content: "<h3>\(metric.headingWithUnit)</h3>"
                    + BoxPlots(metric: metric, models: models, labels: content.labels).figure()
            )
        }
        return Blocks.section(
            id: "distributions", title: "Distributions",
            """
            \(Blocks.legend(models))\(Blocks.choices("distribution", label: "Metric", options))\
            <p class="note">Boxes: quartiles and median. Whiskers: the last value within 1.5 times the box's height. Points: cases.</p>
            """)
    }
}
