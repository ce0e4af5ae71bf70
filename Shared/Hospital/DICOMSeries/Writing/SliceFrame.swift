import Faults
import Foundation
import Volumes

/// The geometry of a volume as DICOM texts: LPS+, millimetres, at most 16 characters per number (PS3.5, 6.2, DS).
struct SliceFrame: Sendable {
    let orientation: String
    let pixelSpacing: String
    let thickness: String
    private let origin: SIMD3<Double>
    private let step: SIMD3<Double>

    /// - Throws: `DICOMError.invalidAttribute` where the axes are not perpendicular, which a DICOM series cannot say.
    init(_ geometry: Geometry) throws(DICOMError) {
        let axes = (0..<3).map { SliceFrame.turned(geometry.affine.column($0)) }
        let spacing = geometry.spacingInMillimetres
        let units = zip(axes, spacing).map { $0 / $1 }
        let cosines = [units[0].dot(units[1]), units[0].dot(units[2]), units[1].dot(units[2])]
        guard cosines.allSatisfy({ abs($0) < 1e-3 }) else {
            throw DICOMError(
                .invalidAttribute, "axes must be perpendicular to be written as a DICOM series, got cosines \(cosines)")
        }
        orientation = SliceFrame.text([units[0], units[1]].flatMap { [$0.x, $0.y, $0.z] })
        pixelSpacing = SliceFrame.text([spacing[1], spacing[0]])
        thickness = SliceFrame.text([spacing[2]])
        origin = SliceFrame.turned(geometry.affine.origin)
        step = axes[2]
    }

    func position(of slice: Int) -> String {
        let position = origin + step * Double(slice)
        return SliceFrame.text([position.x, position.y, position.z])
    }

    /// RAS to LPS. The only place where this happens on writing.
    private static func turned(_ vector: SIMD3<Double>) -> SIMD3<Double> { vector * SIMD3(-1, -1, 1) }

    private static func text(_ values: [Double]) -> String {
        values.map(decimalString).joined(separator: "\\")
    }

    /// The most digits that fit 16 characters.
    static func decimalString(_ value: Double) -> String {
        let clean = value == 0 ? 0 : value
        for digits in stride(from: 15, through: 1, by: -1) {
            let text = String(format: "%.*g", digits, clean)
            if text.utf8.count <= 16 { return text }
        }
        return "0"
    }
}
