import DICOMObjects
import Volumes

/// Where the frames of a stored segmentation lie, and what they hold.
struct StoredFrames {
    struct Frame {
        /// In the pixel data, from 0.
        let index: Int
        /// Nil for label maps, whose pixels say it.
        let segment: Int?
        /// LPS millimetres.
        let position: SIMD3<Double>
    }

    let frames: [Frame]
    let rows: Int
    let columns: Int
    let isBinary: Bool
    private let orientation: [Double]
    private let pixelSpacing: [Double]
    private let planeSpacing: Double?

    /// Planes further apart than any patient is long, counted in planes.
    private static let mostPlanes = 4096

    init(_ dataset: DICOMObject.Item, isBinary: Bool) throws(SegmentationObjectError) {
        func whole(_ tag: AttributeTag, _ range: ClosedRange<Int>) throws(SegmentationObjectError) -> Int {
            guard let number = dataset.numbers(tag)?.first, let value = Int(exactly: number), range.contains(value) else {
                throw SegmentationObjectError(.missingAttribute, "attribute \(tag) of a segmentation must be a whole number in \(range)")
            }
            return value
        }
        rows = try whole(.rows, 1...16384)
        columns = try whole(.columns, 1...16384)
        self.isBinary = isBinary
        guard try whole(SegmentationTags.bitsAllocated, 1...16) == (isBinary ? 1 : 8) else {
            throw SegmentationObjectError(.unsupported, "binary segmentations have 1 bit a pixel, and of label maps those with 8 are read")
        }
        let count = try whole(.numberOfFrames, 1...1_000_000)
        let shared = dataset.items(SegmentationTags.sharedGroups)
        let groups = dataset.items(SegmentationTags.perFrameGroups)
        guard groups.count == count else {
            throw SegmentationObjectError(.missingAttribute, "\(count) frames need as many groups of attributes, got \(groups.count)")
        }
        var (frames, orientation, measures): ([Frame], [Double]?, DICOMObject.Item?) = ([], nil, nil)
        for (index, group) in groups.enumerated() {
            func first(_ tag: AttributeTag) -> DICOMObject.Item? { group.items(tag).first ?? shared.first?.items(tag).first }
            guard let place = first(SegmentationTags.planePosition)?.numbers(.imagePosition), place.count == 3,
                let directions = first(SegmentationTags.planeOrientation)?.numbers(.imageOrientation), directions.count == 6,
                FrameGrid.isOrthonormal(directions)
            else { throw SegmentationObjectError(.missingAttribute, "frame \(index + 1) has no position or no orientation") }
            guard zip(directions, orientation ?? directions).allSatisfy({ abs($0 - $1) < 1e-3 }) else {
                throw SegmentationObjectError(.otherGrid, "frame \(index + 1) is not parallel to the first")
            }
            orientation = orientation ?? directions
            measures = measures ?? first(SegmentationTags.pixelMeasures)
            let segment = first(SegmentationTags.segmentIdentification)?.numbers(SegmentationTags.referencedSegment)?.first.flatMap { Int(exactly: $0) }
            guard segment != nil || !isBinary else {
                throw SegmentationObjectError(.missingAttribute, "frame \(index + 1) does not say which segment it is of")
            }
            frames.append(Frame(index: index, segment: isBinary ? segment : nil, position: FrameGrid.vector(place, 0)))
        }
        guard let orientation, let spacing = measures?.numbers(.pixelSpacing), spacing.count == 2, spacing.allSatisfy({ $0 > 0 && $0 < 1e4 }) else {
            throw SegmentationObjectError(.missingAttribute, "the segmentation has no pixel spacing, or one that is not positive")
        }
        self.frames = frames
        self.orientation = orientation
        pixelSpacing = spacing
        func measure(_ tag: AttributeTag) throws(SegmentationObjectError) -> Double? {
            do throws(DICOMObjectError) {
                return try measures?.readableNumbers(tag)?.first
            } catch {
                throw SegmentationObjectError(.missingAttribute, error.description)
            }
        }
        // One that is there and cannot be read is not the other.
        let between = if let spacing = try measure(SegmentationTags.spacingBetweenSlices) { spacing } else { try measure(SegmentationTags.sliceThickness) }
        planeSpacing = between.flatMap { $0 > 0 ? $0 : nil }
    }

    /// The grid to paint on: the one asked for, or the smallest that holds the frames.
    func grid(on asked: Geometry?) throws(SegmentationObjectError) -> (geometry: Geometry, frames: FrameGrid) {
        let geometry = if let asked { asked } else { try ownGeometry() }
        let grid = try FrameGrid(geometry, orientation: orientation)
        guard grid.rows == rows, grid.columns == columns, zip(grid.orientation, orientation).allSatisfy({ abs($0 - $1) < 1e-3 }),
            zip(grid.pixelSpacing, pixelSpacing).allSatisfy({ abs($0 - $1) < 1e-3 * max($0, $1) })
        else {
            throw SegmentationObjectError(
                .otherGrid,
                "the segmentation has \(columns)×\(rows) pixels of \(pixelSpacing[1])×\(pixelSpacing[0]) mm, the grid asked for "
                    + "\(grid.columns)×\(grid.rows) of \(grid.pixelSpacing[1])×\(grid.pixelSpacing[0]) mm, or they are turned against each other")
        }
        return (geometry, grid)
    }

    /// The plane of `grid` that a frame lies on.
    func plane(of frame: Frame, _ grid: FrameGrid) throws(SegmentationObjectError) -> Int {
        let normal = FrameGrid.unit(FrameGrid.normal(orientation))
        let depth = ((frame.position - grid.origin) * normal).sum() / (grid.planeStep * normal).sum()
        let plane = depth.rounded()
        guard plane >= 0, plane < Double(grid.planes) else {
            throw SegmentationObjectError(.otherGrid, "frame \(frame.index + 1) lies outside the \(grid.planes) planes of the grid")
        }
        let distance = FrameGrid.length(frame.position - grid.position(ofPlane: Int(plane)))
        guard distance <= 0.01 + 0.02 * min(grid.planeSpacing, pixelSpacing.min() ?? 0) else {
            throw SegmentationObjectError(
                .otherGrid, "frame \(frame.index + 1) lies \(distance) mm beside the nearest plane of the grid: it was drawn on other images")
        }
        return Int(plane)
    }

    private func ownGeometry() throws(SegmentationObjectError) -> Geometry {
        let normal = FrameGrid.unit(FrameGrid.normal(orientation))
        let sorted = frames.map { (depth: ($0.position * normal).sum(), position: $0.position) }.sorted { $0.depth < $1.depth }
        let (first, last) = (sorted[0], sorted[sorted.count - 1])
        let gaps = zip(sorted.dropFirst(), sorted).map { $0.depth - $1.depth }.filter { $0 > 1e-3 }
        var step = gaps.min() ?? planeSpacing ?? 1
        // Planes without frames may lie between any two that have some: then the stated spacing counts.
        if let planeSpacing, !gaps.isEmpty, (step / planeSpacing).rounded() >= 1, abs(step / planeSpacing - (step / planeSpacing).rounded()) < 0.02 {
            step = planeSpacing
        }
        let intervals = ((last.depth - first.depth) / step).rounded()
        guard intervals < Double(Self.mostPlanes) else {
            throw SegmentationObjectError(.tooLarge, "the frames span more than \(Self.mostPlanes) planes of \(step) mm")
        }
        let planeStep = intervals > 0 ? (last.position - first.position) / intervals : normal * step
        let (row, column) = (FrameGrid.unit(FrameGrid.vector(orientation, 0)), FrameGrid.unit(FrameGrid.vector(orientation, 3)))
        let steps = [row * pixelSpacing[1], column * pixelSpacing[0], planeStep]
        return Geometry(
            size: [columns, rows, Int(intervals) + 1],
            affine: Affine(columns: steps.map(FrameGrid.lps), origin: FrameGrid.lps(first.position)))
    }
}
