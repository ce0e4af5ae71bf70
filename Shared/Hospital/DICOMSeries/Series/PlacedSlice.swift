import Faults
import Volumes

/// A header whose position, orientation and spacing are known to be there and to make sense. LPS+, millimetres.
struct PlacedSlice: Sendable {
    let header: SliceHeader
    let position: SIMD3<Double>
    let rowDirection: SIMD3<Double>
    let columnDirection: SIMD3<Double>
    /// Between rows, between columns.
    let rowSpacing: Double
    let columnSpacing: Double

    var normal: SIMD3<Double> { rowDirection.cross(columnDirection).normalized }

    init(_ header: SliceHeader) throws(DICOMError) {
        func missing(_ name: String) -> DICOMError {
            DICOMError(.missingAttribute, "image has no valid \(name): it cannot be placed in space", path: header.path)
        }
        guard header.layout.hasPixelData else {
            throw DICOMError(
                .missingPixelData, "image has no pixel data (7FE0,0010): the file may be cut", path: header.path)
        }
        if let problem = header.problem { throw problem }
        func isPlausible(_ values: [Double]) -> Bool { values.allSatisfy { (1e-3...1e4).contains($0) } }
        guard header.layout.rows > 0, header.layout.columns > 0 else {
            throw missing("Rows (0028,0010) and Columns (0028,0011)")
        }
        guard let position = header.position, position.length < 1e6 else {
            throw missing("ImagePositionPatient (0020,0032)")
        }
        guard let orientation = header.orientation else { throw missing("ImageOrientationPatient (0020,0037)") }
        guard let spacing = header.pixelSpacing, isPlausible(spacing) else {
            throw missing("PixelSpacing (0028,0030), two positive numbers in millimetres")
        }
        let lengths = orientation.map(\.length)
        guard lengths.allSatisfy({ abs($0 - 1) < 1e-2 }), abs(orientation[0].dot(orientation[1])) < 1e-2 else {
            throw DICOMError(
                .invalidAttribute,
                "ImageOrientationPatient must be two perpendicular unit vectors, got lengths \(lengths)",
                path: header.path)
        }
        self.header = header
        self.position = position
        rowDirection = orientation[0].normalized
        columnDirection = orientation[1].normalized
        rowSpacing = spacing[0]
        columnSpacing = spacing[1]
    }
}

extension PlacedSlice {
    enum Agreement {
        case same
        /// Another volume: another size, zoom or orientation.
        case different
        /// Too alike for another volume, too different for one grid.
        case doubtful(String)
    }

    /// Spacings that differ by so little, and so that the last pixels of two slices lie less than half a pixel apart,
    /// are one spacing written with more and with fewer digits.
    private static let roundedSpacing = 1e-3

    /// Whether two slices can be of one grid.
    func agreement(with other: PlacedSlice) -> Agreement {
        let (size, otherSize) = (header.layout, other.header.layout)
        guard size.rows == otherSize.rows, size.columns == otherSize.columns else { return .different }
        let zooms = [abs(rowSpacing / other.rowSpacing - 1), abs(columnSpacing / other.columnSpacing - 1)]
        let zoom = max(zooms[0], zooms[1])
        let drift = max(zooms[0] * Double(size.rows), zooms[1] * Double(size.columns))
        let turn = max((rowDirection - other.rowDirection).length, (columnDirection - other.columnDirection).length)
        if zoom > 1e-2 || turn > 5e-2 { return .different }
        if zoom > PlacedSlice.roundedSpacing || drift > 0.5 {
            return .doubtful(
                "pixel spacing: \(rowSpacing)×\(columnSpacing) and \(other.rowSpacing)×\(other.columnSpacing) mm in one series"
            )
        }
        return turn > 1e-3 ? .doubtful("orientation: expected parallel slices in one series") : .same
    }
}
