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
            throw DICOMError(.missingPixelData, "image has no pixel data (7FE0,0010): the file may be cut", path: header.path)
        }
        func isPlausible(_ values: [Double]) -> Bool { values.allSatisfy { (1e-3...1e4).contains($0) } }
        guard header.layout.rows > 0, header.layout.columns > 0 else { throw missing("Rows (0028,0010) and Columns (0028,0011)") }
        guard let position = header.position, position.length < 1e6 else { throw missing("ImagePositionPatient (0020,0032)") }
        guard let orientation = header.orientation else { throw missing("ImageOrientationPatient (0020,0037)") }
        guard let spacing = header.pixelSpacing, isPlausible(spacing) else { throw missing("PixelSpacing (0028,0030)") }
        let lengths = orientation.map(\.length)
        guard lengths.allSatisfy({ abs($0 - 1) < 1e-2 }), abs((orientation[0] * orientation[1]).sum()) < 1e-2 else {
            throw DICOMError(
                .invalidAttribute, "ImageOrientationPatient must be two perpendicular unit vectors, got lengths \(lengths)",
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
