package import Anatomy
import Faults
package import Foundation
package import Volumes

/// One picture of a labelled spine: rows sagittal, coronal and axial; columns the CT, the labels over it and, if there
/// is one, the truth over it. Slices go through the labelled spine, or the volume's middle if nothing is labelled.
///
/// Radiological convention: patient right on image left in coronal and axial slices, anterior on image left in sagittal
/// ones. Pixels are square in millimetres whatever the voxels are, and all panels have one scale. Axes oblique to the
/// patient are shown along the grid. The picture contains nothing of the patient's data but the image.
package struct SpinePicture: Sendable {
    package var labelSet: LabelSet
    package var window: GreyWindow
    /// What the second column is called.
    package var labelTitle: String

    package init(labelSet: LabelSet = .spine25, window: GreyWindow = .bone, labelTitle: String = "prediction") {
        self.labelSet = labelSet
        self.window = window
        self.labelTitle = labelTitle
    }

    private static let largestPanel = (width: 480.0, height: 600.0)
    private static let largestPixelsPerMillimetre = 4.0

    /// As PNG bytes. Throws as `raster` does.
    package func png(ct: Volume<Float>, labels: Volume<UInt8>, truth: Volume<UInt8>? = nil) throws -> Data {
        try raster(ct: ct, labels: labels, truth: truth).png()
    }

    /// `ct` in Hounsfield units. Throws `gridsDiffer` if `labels` or `truth` are not on its grid.
    package func raster(ct: Volume<Float>, labels: Volume<UInt8>, truth: Volume<UInt8>? = nil) throws -> Raster {
        for (name, other) in [("labels", labels), ("truth", truth)] {
            if let other, !other.geometry.isSameGrid(as: ct.geometry, toleranceInMillimetres: 0.01) {
                throw ReportError(
                    .gridsDiffer, "the \(name) must be on the CT's grid (\(ct.geometry)), got \(other.geometry)")
            }
        }
        let view = AnatomicalView(ct.geometry)
        let overlays = [labels] + (truth.map { [$0] } ?? [])
        let censuses = overlays.map(LabelCensus.init)
        let choice = SliceChoice(view, censuses)
        let scale = pixelsPerMillimetre(view, choice)
        let rows = Plane.allCases.map { plane in
            let panel = SlicePanel(view: view, choice: choice, plane: plane, pixelsPerMillimetre: scale, window: window)
            let grey = panel.grey(ct.voxels)
            let coloured = overlays.map { panel.overlay($0.voxels, on: grey, labelSet: labelSet) }
            return ([grey] + coloured).map { marked($0, plane) }
        }
        let page = SpinePage(
            rows: rows, titles: ["CT", labelTitle] + (truth == nil ? [] : ["truth"]),
            footnotes: footnotes, legend: legend(censuses), pixelsPerMillimetre: scale)
        return page.raster()
    }

    private func pixelsPerMillimetre(_ view: AnatomicalView, _ choice: SliceChoice) -> Double {
        Plane.allCases.map { plane in
            let width = Double(choice.ranges[plane.across].count) * view.spacingInMillimetres[plane.across]
            let height = Double(choice.ranges[plane.upward].count) * view.spacingInMillimetres[plane.upward]
            return min(Self.largestPanel.width / width, Self.largestPanel.height / height)
        }.reduce(Self.largestPixelsPerMillimetre, min)
    }

    private func marked(_ panel: Raster, _ plane: Plane) -> Raster {
        var raster = panel
        let marks = plane.marks
        let (middle, centre) = (panel.height / 2 - Font.height / 2, panel.width / 2 - Font.width / 2)
        raster.draw(marks.left, x: 3, y: middle, halo: true)
        raster.draw(marks.right, x: panel.width - Font.width - 3, y: middle, halo: true)
        raster.draw(marks.top, x: centre, y: 3, halo: true)
        raster.draw(marks.bottom, x: centre, y: panel.height - Font.height - 3, halo: true)
        raster.draw(plane.rawValue, x: 3, y: 3, halo: true)
        return raster
    }

    private var footnotes: [String] {
        [
            "coronal, axial: patient right on image left",
            "sagittal: anterior on image left",
            "window: level \(Int(window.level)), width \(Int(window.width)) HU",
        ]
    }

    private func legend(_ censuses: [LabelCensus]) -> [Label] {
        let present = Set(censuses.flatMap(\.labels))
        return labelSet.labels.filter { present.contains(Int($0.value)) }
    }
}
