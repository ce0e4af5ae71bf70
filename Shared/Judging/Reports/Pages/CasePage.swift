import Anatomy
import CohortAnalysis
import Metrics

/// One case of one model: figures, slices, surfaces and the table of its classes.
struct CasePage {
    let content: ReportContent
    let index: Int

    private var reference: CaseReference { content.pages[index].reference }
    private var id: String { content.pages[index].id }
    private var model: EvaluatedModel? { content.report.models.first { $0.name == reference.modelName } }
    private var metrics: CaseMetrics? { model?.cohort.cases.first { $0.name == reference.caseName }?.metrics }
    private var badCase: BadCase? { model?.badCases.first { $0.name == reference.caseName } }

    /// `images` nil: the page says that there are none.
    func html(_ images: CaseImages?) throws -> HTML {
        var body = navigation + figures + reasons
        if let images {
            let worst = worstLabel
            let title: HTML = worst.map { "<h3>Slices through \(content.name(of: $0))</h3>" } ?? "<h3>Slices</h3>"
            let labelSet = content.report.labelSet
            body +=
                title
                + (try CaseSlices(images, through: worst, labelSet: labelSet).figure(page: id, labelSet: labelSet))
            let scene = SurfaceScene(truth: images.truth, prediction: images.prediction, labelSet: labelSet)
            body += try SurfaceFigure(scene: scene, labelSet: labelSet, id: id).figure()
        } else {
            body += "<p class=\"note\">The pictures of this case are not available.</p>"
        }
        return Blocks.section(id: id, title: "Case \(reference.caseName) · \(reference.modelName)", body + table)
    }

    private var navigation: HTML {
        func link(_ page: Int, _ text: HTML, _ kind: HTML) -> HTML {
            guard content.pages.indices.contains(page) else { return .empty }
            return "<a rel=\"\(kind)\" href=\"#\(content.pages[page].id)\">\(text)</a>"
        }
        let others = content.pages.filter { $0.reference.caseName == reference.caseName && $0.id != id }
            .html { "<a href=\"#\($0.id)\">same case, \($0.reference.modelName)</a>" }
        let steps = link(index - 1, "← previous", "prev") + link(index + 1, "next →", "next")
        return "<nav class=\"steps\" aria-label=\"Cases\"><a href=\"#cases\">All cases</a>\(steps)\(others)</nav>"
    }

    /// The class that the slices go through.
    private var worstLabel: UInt8? {
        if let label = badCase?.worstLabel { return label }
        return metrics?.classes.filter(\.inTruth).min { ($0.dice ?? 0) < ($1.dice ?? 0) }?.label
    }

    private var figures: HTML {
        guard let metrics else { return .empty }
        let shown = (Metric.leading + [.meshRMSHausdorff]).html { metric -> HTML in
            guard let mean = metrics.mean(metric) else { return .empty }
            let step = ColourScale.step(of: mean, metric).map { "q\($0)" } ?? ""
            return
                "<div class=\"tile \(step)\"><b>\(NumberText.fixed(mean, digits: metric.row.digits))</b>\(metric.headingWithUnit)</div>"
        }
        let rate = metrics.identification.identificationRate.map { "\(NumberText.fixed($0 * 100, digits: 0)) %" } ?? "–"
        let shift = metrics.identification.labelShift.map { NumberText.signed(Double($0), digits: 0) } ?? "–"
        return """
            <div class="tiles">\(shown)<div class="tile"><b>\(rate)</b>identified</div><div class="tile"><b>\(shift)</b>label shift</div></div>
            """
    }

    private var reasons: HTML {
        guard let bad = badCase, !bad.reasons.isEmpty else { return .empty }
        return
            "<ul class=\"reasons\">\(bad.reasons.html { "<li><span class=\"cause\">\($0.cause.title)</span> \($0.text)</li>" })</ul>"
    }

    private static let columns: [Metric] = [
        .dice, .iou, .precision, .sensitivity, .boundaryF1At1_5, .nsdAt1_5, .hausdorff, .hausdorff95, .assd,
        .meshRMSHausdorff, .volumeError,
        .centroidDistance,
    ]

    private var table: HTML {
        guard let metrics else { return .empty }
        let columns = Self.columns.filter(content.metrics.contains)
        let heads = columns.html { "<th scope=\"col\">\($0.headingWithUnit)</th>" }
        let rows = metrics.classes.filter { $0.presence != .absent }.html { measured in
            let cells = columns.html { metric in
                let value = measured[metric]
                let text: HTML = "\(NumberText.fixed(value, digits: metric.row.digits))"
                return "<td\(ColourScale.attribute(ColourScale.step(of: value, metric)))>\(text)</td>"
            }
            let note = [measured.presence.note, measured.touchesBorder ? "touches the border" : nil].compactMap { $0 }
                .joined(separator: ", ")
            return """
                <tr><th scope="row">\(measured.name)</th>\(cells)<td>\(NumberText.fixed(measured.truthVolumeInMillilitres, digits: 1))</td>\
                <td>\(NumberText.fixed(measured.predictedVolumeInMillilitres, digits: 1))</td><td class="text">\(note)</td></tr>
                """
        }
        let volumes: HTML =
            "<th scope=\"col\">Truth (ml)</th><th scope=\"col\">Predicted (ml)</th><th scope=\"col\" class=\"text\">Note</th>"
        return "<h3>Classes</h3>"
            + Blocks.table(
                caption: "Case \(reference.caseName) · \(reference.modelName)",
                head: "<tr><th scope=\"col\">Class</th>\(heads)\(volumes)</tr>", body: rows)
    }
}

extension Presence {
    fileprivate var note: String? {
        switch self {
        case .truthOnly: "missed"
        case .predictionOnly: "not in truth"
        case .both, .absent: nil
        }
    }
}
