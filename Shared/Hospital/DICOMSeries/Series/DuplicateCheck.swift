import Faults

/// Objects that were sent more than once.
struct DuplicateCheck {
    let slices: [SliceHeader]
    let ignored: Int

    /// Keeps the first of several objects that are the same in identity, place and pixels.
    ///
    /// - Throws: `DICOMError.duplicateSlice` where two objects of one identity differ, and what decoding throws.
    init(_ slices: [SliceHeader]) throws(DICOMError) {
        var seen: [String: ImageObject] = [:]
        var copies: Set<ObjectIdentifier> = []
        let frames = Dictionary(grouping: slices) { ObjectIdentifier($0.object) }
        for slice in slices where !slice.object.instance.isEmpty && !copies.contains(ObjectIdentifier(slice.object)) {
            guard let first = seen[slice.object.instance] else {
                seen[slice.object.instance] = slice.object
                continue
            }
            guard first !== slice.object else { continue }
            let (one, other) = (frames[ObjectIdentifier(first)] ?? [], frames[ObjectIdentifier(slice.object)] ?? [])
            guard try DuplicateCheck.areEqual(one, other) else {
                throw DICOMError(
                    .duplicateSlice,
                    "two different objects have the same SOP instance UID: send the series again from its source",
                    path: slice.path)
            }
            copies.insert(ObjectIdentifier(slice.object))
        }
        self.slices = slices.filter { !copies.contains(ObjectIdentifier($0.object)) }
        ignored = copies.count
    }

    private static func areEqual(_ one: [SliceHeader], _ other: [SliceHeader]) throws(DICOMError) -> Bool {
        guard one.count == other.count else { return false }
        for (left, right) in zip(one, other) {
            guard areClose(left.position.map(components), right.position.map(components)),
                areClose(left.orientation?.flatMap(components), right.orientation?.flatMap(components)),
                areClose(left.pixelSpacing, right.pixelSpacing),
                left.layout.rows == right.layout.rows, left.layout.columns == right.layout.columns,
                left.rescaleSlope == right.rescaleSlope, left.rescaleIntercept == right.rescaleIntercept
            else { return false }
        }
        return try pixels(one) == pixels(other)
    }

    /// Numbers that were written with more and with fewer digits.
    private static func areClose(_ one: [Double]?, _ other: [Double]?) -> Bool {
        guard let one, let other else { return one == nil && other == nil }
        return one.count == other.count && zip(one, other).allSatisfy { abs($0 - $1) < 1e-3 }
    }

    private static func components(_ vector: SIMD3<Double>) -> [Double] { [vector.x, vector.y, vector.z] }

    /// Stored values of one object: the copies may be encoded differently.
    private static func pixels(_ slices: [SliceHeader]) throws(DICOMError) -> [Float] {
        try SlicePixels(slices, slices.map { _ in Rescale() }).values().floats
    }
}
