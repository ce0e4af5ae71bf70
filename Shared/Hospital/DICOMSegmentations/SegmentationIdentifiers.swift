import Anatomy
import Cryptography

/// Unique identifiers that follow from what a segmentation holds: the same result stored twice is the same object.
struct SegmentationIdentifiers {
    let instance: String
    let series: String
    let dimensionOrganization: String
    let frameOfReference: String
    private let study: String

    init(
        _ content: SegmentationContent, _ source: SourceSeries, _ algorithm: SegmentationAlgorithm,
        _ review: ReviewMark?
    ) throws {
        let bits = try SHA256.digest(of: content.frames.bits)
        let frames = content.frames.frames.map { "\($0.segment)/\($0.plane)" }.joined(separator: " ")
        let segments = content.segments.map { "\($0.value) \($0.label) \($0.type.scheme) \($0.type.value)" }.joined(
            separator: "\n")
        let grid = DecimalText.text(
            [0, 1, content.grid.planes - 1].flatMap { plane in
                let position = content.grid.position(ofPlane: plane)
                return (0..<3).map { position[$0] }
            } + content.grid.orientation + content.grid.pixelSpacing)
        let facts =
            [
                source.studyInstance, source.seriesInstance, algorithm.name, algorithm.version, algorithm.software,
                grid, segments, frames,
                Hexadecimal.text(bits),
            ].joined(separator: "\0") + (review.map { "\0" + $0.comments } ?? "")
        instance = try Self.make("instance", facts)
        series = try Self.make("series", facts)
        dimensionOrganization = try Self.make("dimensions", facts)
        study = source.studyInstance
        // Images without one share one that their series stands for.
        frameOfReference = try source.frameOfReference ?? Self.make("frame of reference", source.seriesInstance)
    }

    /// The same for the same segment in every segmentation of the study.
    func tracking(_ segment: Segment) throws -> String {
        try Self.make("tracking", "\(study)\0\(segment.type.scheme)\0\(segment.type.value)\0\(segment.label)")
    }

    private static func make(_ purpose: String, _ facts: String) throws -> String {
        "2.25.\(UUIDNumber.number(from: try SHA256.digest(of: Array("columna segmentation \(purpose)\0\(facts)".utf8))))"
    }
}
