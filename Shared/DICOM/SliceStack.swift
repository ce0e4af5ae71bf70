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
