import DICOMDictionary
import Faults

/// How the stored values of each slice become Hounsfield units, and what is worth telling about it.
struct SliceRescale: Sendable {
    let perSlice: [Rescale]
    let decisions: [String]
    /// The value of kept padding, for filling and so that it is not mixed with tissue.
    let padding: Float?

    /// Air in place of padding that is no value of a CT.
    private static let air = -1024.0
    /// Scales of 12 bits end here; padding above would look like metal.
    private static let highestTissue = 3071.0

    /// - Throws: `DICOMError`: `invalidAttribute`, `unsupportedEncoding`.
    init(_ slices: [SliceHeader]) throws(DICOMError) {
        try SliceRescale.checkComplete(slices)
        var (rescales, kept, replaced): ([Rescale], Float?, Bool) = ([], nil, false)
        for slice in slices {
            var rescale = try SliceRescale.rescale(slice)
            if let stored = slice.object.padding {
                let ends = [stored.lowerBound, stored.upperBound].map { Double($0) * rescale.slope + rescale.intercept }
                if ends.allSatisfy({ $0 >= -32768 && $0 <= SliceRescale.highestTissue }) {
                    kept = kept ?? Float(ends[0])
                } else {
                    rescale.padding = Rescale.Padding(stored: stored, result: SliceRescale.air)
                    replaced = true
                }
            }
            rescales.append(rescale)
        }
        perSlice = rescales
        padding = replaced ? Float(SliceRescale.air) : kept
        decisions = SliceRescale.describe(slices, kept: kept, replaced: replaced, rescales: rescales)
    }

    /// Of slices that say nothing beside others that do, nobody knows the values; nor of a slope without an intercept.
    private static func checkComplete(_ slices: [SliceHeader]) throws(DICOMError) {
        let attributes = "\(AttributeTag.rescaleSlope.name) and \(AttributeTag.rescaleIntercept.name)"
        if let slice = slices.first(where: { ($0.rescaleSlope == nil) != ($0.rescaleIntercept == nil) }) {
            throw DICOMError(
                .missingAttribute, "image has one of \(attributes) without the other: its values are not known",
                path: slice.path)
        }
        let missing = slices.count { $0.rescaleSlope == nil }
        guard missing == 0 || missing == slices.count else {
            throw DICOMError(
                .missingAttribute,
                "\(missing) of \(slices.count) slices lack \(attributes), which the others have: their values are not known; send the series again from its source",
                path: slices.first { $0.rescaleSlope == nil }?.path)
        }
    }

    private static func rescale(_ slice: SliceHeader) throws(DICOMError) -> Rescale {
        guard slice.rescaleSlope != nil || !slice.layout.hasModalityTable else {
            throw DICOMError(
                .unsupportedEncoding,
                "values go through a look-up table (0028,3000), expected RescaleSlope and RescaleIntercept",
                path: slice.path)
        }
        let rescale = Rescale(slope: slice.rescaleSlope ?? 1, intercept: slice.rescaleIntercept ?? 0)
        guard rescale.slope != 0 else {
            throw DICOMError(.invalidAttribute, "RescaleSlope (0028,1053) must not be 0", path: slice.path)
        }
        return rescale
    }

    private static func describe(_ slices: [SliceHeader], kept: Float?, replaced: Bool, rescales: [Rescale]) -> [String]
    {
        var sentences: [String] = []
        let missing = slices.count { $0.rescaleSlope == nil && $0.rescaleIntercept == nil }
        if missing > 0 {
            sentences.append(
                "\(missing) of \(slices.count) slices have no rescale: their stored values are taken for Hounsfield units"
            )
        }
        let distinct = Set(rescales.map { [$0.slope, $0.intercept] }).count
        if distinct > 1 { sentences.append("slices have \(distinct) different rescales: each was rescaled by its own") }
        if let type = slices[0].object.rescaleType, !["HU", "HU_MOD", "US", ""].contains(type.uppercased()) {
            sentences.append("values are in units other than Hounsfield's, as RescaleType (0028,1054) says")
        }
        if replaced { sentences.append("padding outside of the scale of Hounsfield units replaced by \(Int(air))") }
        if let kept {
            sentences.append("padding of \(kept == kept.rounded() ? String(Int(kept)) : String(kept)) kept as it is")
        }
        return sentences
    }
}
