/// The pages of a report on a training: curves, epochs, what it was made from.
struct TrainingPages {
    let report: TrainingReport

    let entries = [("overview", "Overview"), ("epochs", "Epochs"), ("origin", "Origin")]

    func html() -> HTML { overview + epochs + origin }

    private var overview: HTML {
        let remarks = report.remarks.html { "<li>\($0)</li>" }
        let models = report.models.html {
            "<div class=\"card\"><h4>\($0.name)</h4><dl>\(Self.list($0.facts))</dl></div>"
        }
        return Blocks.section(
            id: "overview", title: "Overview",
            """
            <div class="cards"><div class="card"><h4>Run</h4><dl>\(Self.list(report.facts))</dl></div>\(models)</div>\
            \(report.remarks.isEmpty ? .empty : "<h3>Remarks</h3><ul>\(remarks)</ul>")\(curves)
            """)
    }

    private static func list(_ facts: [TrainingReport.Fact]) -> HTML {
        facts.html { "<dt>\($0.name)</dt><dd>\($0.value)</dd>" }
    }

    private var curves: HTML {
        guard !report.epochs.isEmpty else { return "<p class=\"note\">No epoch has ended yet.</p>" }
        func curve(_ name: String, _ value: (TrainingReport.Epoch) -> Double?) -> EpochCurves.Series {
            EpochCurves.Series(
                name: name, points: report.epochs.compactMap { epoch in value(epoch).map { (epoch.number, $0) } })
        }
        let figures: [(String, [EpochCurves.Series])] = [
            (
                "Loss",
                [
                    curve("loss") { $0.loss }, curve("Dice part") { $0.diceLoss },
                    curve("cross-entropy part") { $0.crossEntropy },
                    curve("on validation patches") { $0.validationLoss },
                ]
            ),
            (
                "Dice",
                [
                    curve("validation") { $0.validationDice },
                    curve("on patches") { $0.pseudoDice },
                ]
            ),
            ("Learning rate", [curve("learning rate") { $0.learningRate }]),
            (
                "Time of an epoch (s)",
                [
                    curve("seconds") { $0.seconds },
                    curve("of that waiting for patches") { epoch in epoch.waitedShare.map { $0 * epoch.seconds } },
                ]
            ),
        ]
        return figures.html { title, series in
            let drawn = EpochCurves(title: title, series: series.filter { !$0.points.isEmpty })
            return drawn.series.isEmpty ? .empty : "<h3>\(title)</h3>\(drawn.figure())\(drawn.legend())"
        }
    }

    private var epochs: HTML {
        let titles = [
            "Epoch", "Loss", "Dice part", "Cross-entropy", "Validation loss", "Rate", "Validation Dice",
            "Dice on patches", "Seconds", "Waited", "Peak memory (MiB)",
        ]
        let rows = report.epochs.html { epoch in
            let isBest = epoch.number == report.bestEpoch
            let cells = [
                number(epoch.loss, 4), number(epoch.diceLoss, 4), number(epoch.crossEntropy, 4),
                number(epoch.validationLoss, 4),
                NumberText.exact(epoch.learningRate) ?? "–", number(epoch.validationDice, 4),
                number(epoch.pseudoDice, 4), number(epoch.seconds, 1),
                epoch.waitedShare.map { "\(number($0 * 100, 1)) %" } ?? "–",
                epoch.peakMemoryInBytes.map { number(Double($0) / 1_048_576, 0) } ?? "–",
            ].html { "<td>\($0)</td>" }
            return "<tr\(isBest ? " class=\"all\"" : HTML.empty)><th scope=\"row\">\(epoch.number)</th>\(cells)</tr>"
        }
        return Blocks.section(
            id: "epochs", title: "Epochs",
            Blocks.table(
                caption: "<b>Epochs</b>, the best marked; – was not measured",
                head: "<tr>\(titles.html { "<th scope=\"col\">\($0)</th>" })</tr>", body: rows) + classes)
    }

    /// Of the last epoch that was validated.
    private var classes: HTML {
        guard let last = report.epochs.last(where: { !$0.validationDiceByClass.isEmpty }) else { return .empty }
        let rows = last.validationDiceByClass.html { name, value in
            "<tr><th scope=\"row\">\(name)</th><td>\(number(value, 4))</td></tr>"
        }
        return Blocks.table(
            caption: "<b>Validation Dice by class</b> after epoch \(last.number)",
            head: "<tr><th scope=\"col\">Class</th><th scope=\"col\">Dice</th></tr>", body: rows)
    }

    private func number(_ value: Double?, _ digits: Int) -> String { NumberText.fixed(value, digits: digits) }

    private var origin: HTML {
        let cases = report.cases.html {
            "<tr><th scope=\"row\">\($0.name)</th><td>\($0.use)</td><td><code>\($0.image)</code></td><td><code>\($0.label)</code></td></tr>"
        }
        let head: HTML =
            "<tr><th scope=\"col\">Case</th><th scope=\"col\">Use</th><th scope=\"col\">Image</th><th scope=\"col\">Label</th></tr>"
        let snapshot = report.snapshot.map {
            "<p class=\"note\">Snapshot <code>\($0)</code>: SHA-256 of these cases.</p>" as HTML
        }
        return Blocks.section(
            id: "origin", title: "Origin",
            """
            <h3>Recipe</h3><pre>\(report.recipe)</pre><h3>Plan</h3><pre>\(report.plan)</pre>\
            <h3>Data set</h3>\(snapshot)\
            \(report.cases.isEmpty ? .empty : Blocks.table(caption: "<b>Cases</b> with the addresses of their network-ready bytes", head: head, body: cases))
            """)
    }
}
