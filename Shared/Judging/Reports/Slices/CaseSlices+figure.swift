import Anatomy
import Foundation

extension CaseSlices {
    /// The panels as one grid of figures. Every CT slice is stored once, under an id that begins with `page`, and used
    /// four times.
    func figure(page: String, labelSet: LabelSet) throws -> HTML {
        let rows = try planes.map { try row($0, page: page, labelSet: labelSet) }
        let heads = ["CT", "Truth", "Prediction", "Errors"].html {
            "<div class=\"head\" aria-hidden=\"true\">\($0)</div>"
        }
        return """
            <div class="slices">\(heads)\(rows)</div>
            <p class="legend">\(Self.legend)</p>
            <p class="note">Coronal and axial: patient right on image left; sagittal: anterior on image left. Window: level \(Int(window.level)), \
            width \(Int(window.width)) HU. Dotted lines: where the other planes cut.</p>
            """
    }

    private static var legend: HTML {
        VoxelError.allCases.dropFirst().html { error in
            let colour = error.entry.colour.hexadecimal
            let dark = VoxelError.stripe.colour.hexadecimal
            let stripes: HTML =
                error == .wrongLabel ? "<path d=\"M0 9L9 0M6 15L15 6\" stroke=\"\(dark)\" stroke-width=\"3\"/>" : .empty
            let swatch = SVG.swatch(shape: "<rect width=\"14\" height=\"14\" fill=\"\(colour)\"/>\(stripes)")
            return "<span>\(swatch)\(error.title)</span>"
        }
    }

    private func row(_ pictures: PlanePictures, page: String, labelSet: LabelSet) throws -> HTML {
        let panel = pictures.panel
        let name = panel.plane.rawValue
        let id = "\(page)-\(name)"
        let grey: HTML =
            "<image id=\"\(id)\" width=\"\(panel.width)\" height=\"\(panel.height)\" href=\"\(try Self.uri(pictures.grey.greyPNG()))\"/>"
        let again: HTML = "<use href=\"#\(id)\"/>"
        func layer(_ raster: IndexedRaster) throws -> HTML {
            "<image width=\"\(panel.width)\" height=\"\(panel.height)\" href=\"\(try Self.uri(raster.png()))\"/>"
        }
        let columns: [(String, HTML)] = [
            ("CT", grey + guides(panel)),
            ("truth", again + (try layer(pictures.truth)) + names(pictures.truthLabels, panel, labelSet)),
            ("prediction", again + (try layer(pictures.prediction)) + names(pictures.predictedLabels, panel, labelSet)),
            ("errors", again + (try layer(pictures.errors))),
        ]
        return columns.html { title, content in
            """
            <svg class="panel" role="img" aria-label="\(name) slice, \(title)" viewBox="0 0 \(panel.width) \(panel.height)">\
            \(content)\(marks(panel))</svg>
            """
        }
    }

    private static func uri(_ png: Data) -> HTML { HTML(trusted: "data:image/png;base64," + png.base64EncodedString()) }

    /// The vertebrae's names on their largest pieces.
    private func names(_ labels: [UInt8], _ panel: SlicePanel, _ labelSet: LabelSet) -> HTML {
        LabelPiece.largest(in: labels, width: panel.width).html { piece in
            guard let name = labelSet.name(of: piece.label) else { return .empty }
            return "<text x=\"\(piece.x)\" y=\"\(piece.y)\">\(name)</text>"
        }
    }

    /// Which side is which, and the bar.
    private func marks(_ panel: SlicePanel) -> HTML {
        let marks = panel.plane.marks
        let (width, height) = (panel.width, panel.height)
        let length = 50 * panel.pixelsPerMillimetre < Double(width) / 2 ? 50 : 10
        let bar = NumberText.coordinate(Double(length) * panel.pixelsPerMillimetre)
        return """
            <text x="8" y="\(height / 2)">\(marks.left)</text><text x="\(width - 8)" y="\(height / 2)">\(marks.right)</text>\
            <text x="\(width / 2)" y="10">\(marks.top)</text><text x="\(width / 2)" y="\(height - 9)">\(marks.bottom)</text>\
            <path class="bar" d="M6 \(height - 6)h\(bar)"/><text class="scale" x="6" y="\(height - 13)">\(length) mm</text>
            """
    }

    /// Where the two other planes cut this one.
    private func guides(_ panel: SlicePanel) -> HTML {
        func place(_ axis: Int, _ length: Int) -> String {
            let range = panel.choice.ranges[axis]
            return NumberText.coordinate(
                (Double(range.upperBound - panel.choice.slices[axis]) + 0.5) / Double(range.count) * Double(length))
        }
        let (x, y) = (place(panel.plane.across, panel.width), place(panel.plane.upward, panel.height))
        return "<path class=\"guide\" d=\"M\(x) 0V\(panel.height)M0 \(y)H\(panel.width)\"/>"
    }
}
