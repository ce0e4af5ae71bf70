package import Anatomy
import Volumes

/// Three planes through one class of a case: the CT alone, with truth, with prediction, and with their differences.
package struct CaseSlices {
    /// The layers over a CT slice.
    package struct PlanePictures {
        let panel: SlicePanel
        package let grey: Raster
        let truthLabels: [UInt8]
        let predictedLabels: [UInt8]
        package let truth: IndexedRaster
        package let prediction: IndexedRaster
        package let errors: IndexedRaster
    }

    /// Sagittal, coronal, axial.
    package let planes: [PlanePictures]
    let window: GreyWindow

    private static let largestPanel = (width: 300.0, height: 380.0)
    private static let largestPixelsPerMillimetre = 3.0
    /// How much of the spine is shown around the class, so that its borders are seen.
    private static let tallest = 260.0

    /// Slices where `label` is largest; without it in either map: through the labelled spine. Throws `gridsDiffer`.
    package init(_ images: CaseImages, through label: UInt8?, labelSet: LabelSet, window: GreyWindow = .bone) throws {
        try images.requireOneGrid()
        let view = AnatomicalView(images.ct.geometry)
        let censuses = [images.truth, images.prediction].map(LabelCensus.init)
        var choice = label.map { SliceChoice(view, censuses, through: $0) } ?? SliceChoice(view, censuses)
        if label != nil { choice.limit(axis: 2, toMillimetres: Self.tallest, view) }
        self.window = window
        planes = Plane.allCases.map { plane in
            let scale = Self.pixelsPerMillimetre(view, choice, plane)
            let panel = SlicePanel(view: view, choice: choice, plane: plane, pixelsPerMillimetre: scale, window: window)
            let (truth, predicted) = (panel.labels(images.truth.voxels), panel.labels(images.prediction.voxels))
            return PlanePictures(
                panel: panel, grey: panel.grey(images.ct.voxels), truthLabels: truth, predictedLabels: predicted,
                truth: IndexedRaster(labels: truth, panel: panel, labelSet: labelSet),
                prediction: IndexedRaster(labels: predicted, panel: panel, labelSet: labelSet),
                errors: IndexedRaster(truth: truth, prediction: predicted, panel: panel))
        }
    }

    /// As large as the panel may be: each plane has a bar of its own.
    private static func pixelsPerMillimetre(_ view: AnatomicalView, _ choice: SliceChoice, _ plane: Plane) -> Double {
        let width = Double(choice.ranges[plane.across].count) * view.spacingInMillimetres[plane.across]
        let height = Double(choice.ranges[plane.upward].count) * view.spacingInMillimetres[plane.upward]
        return min(largestPanel.width / width, largestPanel.height / height, largestPixelsPerMillimetre)
    }
}
