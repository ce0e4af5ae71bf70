import Foundation
import Volumes

/// From where surfaces are seen. The screen's axes in the patient's: x to the image's right, y up, z towards the
/// viewer. Seen from the front, the patient's right is on the image's left.
struct ViewAxes {
    let right: SIMD3<Float>
    let up: SIMD3<Float>
    let towardsViewer: SIMD3<Float>

    init(azimuth: Double, elevation: Double) {
        let (a, e) = (azimuth * .pi / 180, elevation * .pi / 180)
        func axis(_ x: Double, _ y: Double, _ z: Double) -> SIMD3<Float> { SIMD3(Float(x), Float(y), Float(z)) }
        right = axis(-cos(a), sin(a), 0)
        up = axis(-sin(a) * sin(e), -cos(a) * sin(e), cos(e))
        towardsViewer = axis(sin(a) * cos(e), cos(a) * cos(e), sin(e))
    }

    func projected(_ vector: SIMD3<Float>) -> SIMD3<Float> {
        SIMD3(vector.dot(right), vector.dot(up), vector.dot(towardsViewer))
    }

    /// Half of what a box of this half size takes on the screen.
    func extent(of half: SIMD3<Float>) -> SIMD2<Float> {
        func length(_ axis: SIMD3<Float>) -> Float {
            abs(half.x * axis.x) + abs(half.y * axis.y) + abs(half.z * axis.z)
        }
        return SIMD2(length(right), length(up))
    }
}
