import Surfaces
import Volumes

/// Two label maps on one grid.
struct LabelPair: Sendable {
    let truth: Volume<UInt8>
    let prediction: Volume<UInt8>
    let frame: GridFrame

    init(truth: Volume<UInt8>, prediction: Volume<UInt8>) {
        self.truth = truth
        self.prediction = prediction
        frame = GridFrame(truth.geometry.affine)
    }

    var size: SIMD3<Int> { SIMD3(truth.geometry.size[0], truth.geometry.size[1], truth.geometry.size[2]) }

    subscript(side: Side) -> Volume<UInt8> { side == .truth ? truth : prediction }
}
