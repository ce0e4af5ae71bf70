import Plans
import PyTorchFiles
import Volumes

/// A plan's orientation as nnU-Net says it: which reader, and which order of its array's axes.
struct NNUNetAxes {
    let imageReader: String
    let transposeForward: [Int]
    /// How images must be stored, where nnU-Net does not turn them; nil where it does.
    let storedOrientation: String?

    init(_ orientation: String) {
        let letters = Array(orientation)
        let axes = (Orientation(orientation) ?? .ras).directions.map(\.worldAxis)
        // The array's axes are k, j, i: head, front, right, or their opposites.
        transposeForward = axes.map { 2 - $0 }
        let stored = String((0..<3).map { world in letters[axes.firstIndex(of: world) ?? 0] })
        storedOrientation = stored == "RAS" ? nil : stored
        imageReader = stored == "RAS" ? NNUNetTranslation.reorientingReader : "SimpleITKIO"
    }
}
