import Anatomy
import Foundation

/// The turning picture of a case's surfaces with its controls, and the still ones that stand for it on paper and
/// without WebGL.
struct SurfaceFigure {
    let scene: SurfaceScene
    let labelSet: LabelSet
    let id: String

    func figure() throws -> HTML {
        guard !scene.parts.isEmpty else { return "<p class=\"note\">Neither truth nor prediction has a surface.</p>" }
        return """
            <h3>Surfaces</h3><div class="scene" id="\(id)-scene" data-mesh="\(id)-mesh">\(controls)\
            <div class="stage">\
            <canvas tabindex="0" role="img" aria-label="Surfaces of the case; arrow keys turn, plus and minus zoom, Home resets"></canvas>\
            \(classes)</div>\(bar("\(id)-ramp"))</div>\(try stills())\
            <script type="application/octet-stream" id="\(id)-mesh">\(HTML(trusted: scene.encoded().base64EncodedString()))</script>
            """
    }

    private func radios(_ name: String, _ title: String, _ options: [(value: String, title: String)]) -> HTML {
        let buttons = options.enumerated().map { $0 }.html { index, option in
            let checked: HTML = index == 0 ? " checked=\"\"" : .empty
            return """
                <label><input type="radio" name="\(id)-\(name)" data-sets="\(name)" value="\(option.value)"\(checked)/> \(option.title)</label>
                """
        }
        return "<fieldset><legend>\(title)</legend>\(buttons)</fieldset>"
    }

    private var controls: HTML {
        """
        <div class="controls row">\(radios("side", "Surface", [("1", "Prediction"), ("0", "Truth"), ("2", "Both")]))\
        \(radios("colour", "Colour", [("class", "Class"), ("distance", "Distance")]))\
        <fieldset><legend>View</legend><button type="button" data-view="0">Front</button><button type="button" data-view="-90">Left</button>\
        <button type="button" data-view="180">Back</button><button type="button" data-view="90">Right</button></fieldset>\
        <fieldset class="limit"><legend>Red from</legend><select data-limit="" aria-label="Distance shown in red">\
        <option>2</option><option selected="">5</option><option>10</option><option>20</option></select> mm</fieldset></div>
        """
    }

    private var classes: HTML {
        let values = Set(scene.parts.map(\.label))
        let boxes = labelSet.labels.filter { values.contains($0.value) }.html { label in
            """
            <label><input type="checkbox" checked="" data-label="\(label.value)" data-colour="\(label.colour.hexadecimal)"/>\
            \(SVG.swatch(colour: label.colour.hexadecimal))\(label.name)</label>
            """
        }
        return "<fieldset class=\"classes\"><legend>Classes</legend>\(boxes)</fieldset>"
    }

    /// The colours of distances; the numbers follow the choice of the largest.
    private func bar(_ ramp: String) -> HTML {
        let stops = DistanceScale.stops.enumerated().map { $0 }.html { index, colour in
            let share = NumberText.exact(Double(index) / Double(DistanceScale.stops.count - 1)) ?? ""
            return "<stop offset=\"\(share)\" stop-color=\"\(colour.hexadecimal)\"/>"
        }
        let largest = Int(DistanceScale.largest)
        let ticks = (0...4).html { tick in
            let (share, value) = (
                NumberText.exact(Double(tick) / 4) ?? "", NumberText.exact(Double(tick * largest) / 4) ?? ""
            )
            return
                "<text class=\"tick\" data-share=\"\(share)\" x=\"\(10 + tick * 75)\" y=\"30\">\(tick == 4 ? "≥ " : "")\(value)</text>"
        }
        return """
            <svg class="bar" viewBox="0 0 420 38" width="420" role="img" aria-label="Colours of distances, blue at 0 mm, red where large">\
            <defs><linearGradient id="\(ramp)">\(stops)</linearGradient></defs>\
            <rect x="10" y="2" width="300" height="14" rx="2" fill="url(#\(ramp))"/>\(ticks)\
            <rect x="332" y="2" width="14" height="14" rx="2" fill="\(DistanceScale.none.hexadecimal)"/>\
            <text class="tick start" x="352" y="13">no match</text><text class="tick start" x="332" y="30">mm</text></svg>
            """
    }

    private func stills() throws -> HTML {
        let renderer = SurfaceRenderer()
        let pictures: [(String, SurfacePart.Side, SurfaceRenderer.Colouring)] = [
            ("Truth, by class", .truth, .classes(labelSet)), ("Prediction, by class", .prediction, .classes(labelSet)),
            ("Prediction, by distance to truth", .prediction, .distance),
            ("Truth, by distance to prediction", .truth, .distance),
        ]
        let figures = try pictures.html { title, side, colouring -> HTML in
            let raster = renderer.raster(scene, side: side, colouring: colouring)
            let data = HTML(trusted: try raster.png().base64EncodedString())
            return """
                <figure><img alt="\(title)" width="\(raster.width)" height="\(raster.height)" src="data:image/png;base64,\(data)"/>\
                <figcaption>\(title)</figcaption></figure>
                """
        }
        return "<div class=\"stills\">\(figures)</div><div class=\"stills\">\(bar("\(id)-still-ramp"))</div>"
    }
}
