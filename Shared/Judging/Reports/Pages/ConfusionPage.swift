/// Which vertebra was called what.
struct ConfusionPage {
    let content: ReportContent

    func html() -> HTML {
        let options = content.report.models.enumerated().map { index, model in
            (value: "\(index)", title: model.name, isLeading: true, content: matrix(model))
        }
        return Blocks.section(
            id: "confusion", title: "Confusion between vertebrae",
            """
            <p>Rows: truth; columns: prediction; per cent of the row's voxels over all cases. Blue: right; red: wrong, stronger by the square root of the share. \
            The last column is what was missed; the last row, of background, shares out the false positives.</p>\
            \(Blocks.choices("confusion", label: "Model", options))
            """)
    }

    private func matrix(_ model: EvaluatedModel) -> HTML {
        let figure = ConfusionFigure(model, labelSet: content.report.labelSet)
        let list = figure.largestConfusions(8).html { confusion in
            """
            <li>\(NumberText.fixed(confusion.share * 100, digits: 2)) % of <b>\(confusion.truth)</b> called <b>\(confusion.prediction)</b> \
            (\(confusion.voxels) voxels)</li>
            """
        }
        let text: HTML =
            list == .empty
            ? "<p>No voxel of a vertebra bears another vertebra's name.</p>"
            : "<h4>Largest confusions</h4><ol>\(list)</ol>"
        return "<h3>\(model.name)</h3><div class=\"beside\"><div>\(figure.figure())</div><div>\(text)</div></div>"
    }
}
