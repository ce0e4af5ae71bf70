import Volumes

/// The slices of one series in the order of their positions, checked to be one regular grid.
///
/// Slices are sorted by the projection of their position on the slice normal; instance numbers are not looked at.
struct SliceStack: Sendable {
    let slices: [SliceHeader]
    let geometry: Geometry

    /// - Throws: `DICOMError`: `missingAttribute`, `invalidAttribute`, `inconsistentGeometry`, `duplicateSlice`, `missingSlice`,
    ///   `unequalSpacing`, `gantryTilt`.
    init(_ headers: [SliceHeader]) throws(DICOMError) {
        let placed = try headers.map(PlacedSlice.init)
        guard let reference = placed.first else { throw DICOMError(.noImages, "series has no slices") }
        try SliceStack.checkIdentity(headers)
        try SliceStack.checkAgreement(placed, with: reference)
        let sorted = placed.map { (slice: $0, depth: ($0.position * reference.normal).sum()) }.sorted { $0.depth < $1.depth }
        let step = try SliceStack.step(of: sorted, reference: reference)
        let first = sorted[0].slice
        slices = sorted.map(\.slice.header)
        let columns = [first.rowDirection * first.columnSpacing, first.columnDirection * first.rowSpacing, step]
        geometry = Geometry(
            size: [reference.header.layout.columns, reference.header.layout.rows, sorted.count],
            affine: Affine(columns: columns.map(SliceStack.turned), origin: SliceStack.turned(first.position)))
        guard geometry.affine.isInvertible else {
            throw DICOMError(.invalidAttribute, "pixel spacing and slice step do not span a volume")
        }
    }

    /// DICOM's LPS to RAS: the first two coordinates change their sign. The only place where this happens on reading.
    private static func turned(_ vector: SIMD3<Double>) -> SIMD3<Double> { vector * SIMD3(-1, -1, 1) }

    private static func checkIdentity(_ headers: [SliceHeader]) throws(DICOMError) {
        let instances = headers.map(\.instance).filter { !$0.isEmpty }
        let repeated = instances.count - Set(instances).count
        guard repeated == 0 else {
            throw DICOMError(
                .duplicateSlice, "series holds \(repeated) objects twice (same SOP instance): remove the copies", path: headers.first?.path)
        }
    }

    private static func checkAgreement(_ slices: [PlacedSlice], with reference: PlacedSlice) throws(DICOMError) {
        for slice in slices {
            let (size, expected) = (slice.header.layout, reference.header.layout)
            guard size.rows == expected.rows, size.columns == expected.columns else {
                throw DICOMError(
                    .inconsistentGeometry,
                    "slices differ in size: \(size.columns)×\(size.rows) and \(expected.columns)×\(expected.rows) pixels in one series",
                    path: slice.header.path)
            }
            guard abs(slice.rowSpacing - reference.rowSpacing) <= 1e-4 * reference.rowSpacing,
                abs(slice.columnSpacing - reference.columnSpacing) <= 1e-4 * reference.columnSpacing
            else {
                throw DICOMError(
                    .inconsistentGeometry,
                    "slices differ in pixel spacing: \(slice.rowSpacing)×\(slice.columnSpacing) and "
                        + "\(reference.rowSpacing)×\(reference.columnSpacing) mm in one series", path: slice.header.path)
            }
            guard (slice.rowDirection - reference.rowDirection).length <= 1e-3,
                (slice.columnDirection - reference.columnDirection).length <= 1e-3
            else {
                throw DICOMError(
                    .inconsistentGeometry, "slices differ in orientation: expected parallel slices in one series", path: slice.header.path)
            }
        }
    }
}

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

extension SIMD3<Double> {
    var length: Double { (self * self).sum().squareRoot() }
    var normalized: SIMD3<Double> { self / length }
    func cross(_ other: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
    }
}
