/// What figures are drawn of.
enum SVG {
    /// The figure itself; `label` says in words what it shows. It shrinks with the page and scrolls if `scrolls`.
    static func figure(
        _ label: String, class style: String = "", width: Double, height: Double, scrolls: Bool = true, _ marks: HTML
    ) -> HTML {
        let (width, height) = (NumberText.coordinate(width), NumberText.coordinate(height))
        let svg: HTML = """
            <svg class="figure \(style)" role="img" aria-label="\(label)" viewBox="0 0 \(width) \(height)" width="\(width)">\(marks)</svg>
            """
        return scrolls ? "<div class=\"scroll\">\(svg)</div>" : svg
    }

    static func text(_ text: String, class style: String, x: Double, y: Double) -> HTML {
        "<text class=\"\(style)\" x=\"\(NumberText.coordinate(x))\" y=\"\(NumberText.coordinate(y))\">\(text)</text>"
    }

    static func path(class style: String, _ data: String) -> HTML { "<path class=\"\(style)\" d=\"\(data)\"/>" }

    /// A small square before a name.
    static func swatch(shape: HTML) -> HTML {
        "<svg class=\"swatch\" viewBox=\"0 0 14 14\" aria-hidden=\"true\">\(shape)</svg>"
    }

    static func swatch(colour: String) -> HTML {
        swatch(shape: "<rect width=\"14\" height=\"14\" rx=\"2\" fill=\"\(colour)\"/>")
    }
}
