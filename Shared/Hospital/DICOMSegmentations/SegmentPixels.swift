import DICOMDictionary
import DICOMObjects
import Faults

/// What the pixels of a segmentation mean, and how many bits each has.
enum SegmentPixels: Sendable, Hashable {
    /// One bit each: whether the pixel is of the frame's segment.
    case bits
    /// 0, or `full` where the pixel is of the frame's segment. What lies between is refused: whether it is of it is a
    /// decision.
    case masks(full: Int32, isFractional: Bool)
    /// Numbers of segments.
    case labels

    init(_ object: DICOMObject) throws(SegmentationObjectError) {
        let dataset = object.dataset
        let allocated = dataset.numbers(.bitsAllocated)?.first ?? 0
        let type = dataset.text(SegmentationTags.segmentationType)?.uppercased()
        switch (type, allocated) {
        case ("BINARY", 1): self = .bits
        // Older writers give each pixel of a mask a byte.
        case ("BINARY", 8): self = .masks(full: 1, isFractional: false)
        case ("FRACTIONAL", 8), ("FRACTIONAL", 16):
            guard
                let full = dataset.numbers(SegmentationTags.maximumFractionalValue)?.first.flatMap({
                    Int32(exactly: $0)
                }), full > 0
            else {
                throw SegmentationObjectError(
                    .missingAttribute,
                    "a FRACTIONAL segmentation must have a MaximumFractionalValue (0062,000E) above 0")
            }
            self = .masks(full: full, isFractional: true)
        case ("LABELMAP", 8), ("LABELMAP", 16): self = .labels
        case ("BINARY", _), ("FRACTIONAL", _), ("LABELMAP", _):
            throw SegmentationObjectError(
                .unsupported,
                "\(type ?? "") segmentation with \(Int(allocated)) bits a pixel, expected 1 for BINARY, and 8 or 16 for FRACTIONAL and LABELMAP"
            )
        default:
            throw SegmentationObjectError(
                .unsupported, "segmentation of an unknown type, expected BINARY, FRACTIONAL or LABELMAP")
        }
        try Self.checkLossless(object.transferSyntax)
    }

    var assumptions: [String] {
        guard case .masks(_, isFractional: true) = self else { return [] }
        return ["FRACTIONAL, but with pixels of 0 and the maximum only: read as BINARY"]
    }

    /// Labels that are nearly right are wrong.
    private static func checkLossless(_ transferSyntax: String) throws(SegmentationObjectError) {
        guard TransferSyntax(uid: transferSyntax)?.isLossy != true else {
            throw SegmentationObjectError(
                .unsupported,
                "transfer syntax \(transferSyntax) may have lost something of the labels: export it in a lossless one")
        }
    }
}
