import DICOMDictionary
import DICOMObjects
import Faults
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

    /// Where a frame's first pixel lies in a grid; negative where the frame begins before it.
    struct Place: Hashable {
        var plane: Int
        var row: Int
        var column: Int
    }

    let frames: [Frame]
    let rows: Int
    let columns: Int
    let pixels: SegmentPixels
    private let orientation: [Double]
    private let pixelSpacing: [Double]
    private let planeSpacing: Double?

    /// Planes further apart than any patient is long, counted in planes.
    private static let mostPlanes = 4096
    /// Pixels of a row or a column.
    private static let mostPixels = 16384
    /// Of a grid that nobody asked for, for each pixel that is stored: frames cut out around small things have some
    /// hundred.
    private static let mostVoxelsPerPixel = 1024
    /// A grid of so many needs no reason.
    private static let harmlessVoxels = 1 << 24

    init(_ dataset: DICOMObject.Item, _ pixels: SegmentPixels) throws(SegmentationObjectError) {
        func whole(_ tag: AttributeTag, _ range: ClosedRange<Int>) throws(SegmentationObjectError) -> Int {
            guard let number = dataset.numbers(tag)?.first, let value = Int(exactly: number), range.contains(value)
            else {
                throw SegmentationObjectError(
                    .missingAttribute, "attribute \(tag) of a segmentation must be a whole number in \(range)")
            }
            return value
        }
        rows = try whole(.rows, 1...Self.mostPixels)
        columns = try whole(.columns, 1...Self.mostPixels)
        self.pixels = pixels
        let count = try whole(.numberOfFrames, 1...1_000_000)
        let shared = dataset.items(SegmentationTags.sharedGroups)
        let groups = dataset.items(SegmentationTags.perFrameGroups)
        guard groups.count == count else {
            throw SegmentationObjectError(
                .missingAttribute, "\(count) frames need as many groups of attributes, got \(groups.count)")
        }
        var (frames, orientation, measures, spacing): ([Frame], [Double]?, DICOMObject.Item?, [Double]?) = (
            [], nil, nil, nil
        )
        for (index, group) in groups.enumerated() {
            func first(_ tag: AttributeTag) -> DICOMObject.Item? {
                group.items(tag).first ?? shared.first?.items(tag).first
            }
            guard let place = first(.planePosition)?.numbers(.imagePosition), place.count == 3,
                let directions = first(.planeOrientation)?.numbers(.imageOrientation),
                directions.count == 6,
                FrameGrid.isOrthonormal(directions)
            else {
                throw SegmentationObjectError(.missingAttribute, "frame \(index + 1) has no position or no orientation")
            }
            guard zip(directions, orientation ?? directions).allSatisfy({ abs($0 - $1) < 1e-3 }) else {
                throw SegmentationObjectError(.otherGrid, "frame \(index + 1) is not parallel to the first")
            }
            orientation = orientation ?? directions
            measures = measures ?? first(.pixelMeasures)
            let own = first(.pixelMeasures)?.numbers(.pixelSpacing)
            spacing = spacing ?? own
            guard own?.count == spacing?.count,
                zip(own ?? [], spacing ?? []).allSatisfy({ abs($0 - $1) <= 1e-3 * max($0, $1) })
            else {
                throw SegmentationObjectError(.otherGrid, "frame \(index + 1) has another pixel spacing than the first")
            }
            let segment = first(SegmentationTags.segmentIdentification)?.numbers(SegmentationTags.referencedSegment)?
                .first.flatMap { Int(exactly: $0) }
            guard segment != nil || pixels == .labels else {
                throw SegmentationObjectError(
                    .missingAttribute, "frame \(index + 1) does not say which segment it is of")
            }
            frames.append(
                Frame(index: index, segment: pixels == .labels ? nil : segment, position: FrameGrid.vector(place, 0)))
        }
        guard let orientation, let spacing, spacing.count == 2, spacing.allSatisfy({ $0 > 0 && $0 < 1e4 }) else {
            throw SegmentationObjectError(
                .missingAttribute, "the segmentation has no pixel spacing, or one that is not positive")
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
        planeSpacing = [
            try measure(.spacingBetweenSlices), try measure(.sliceThickness),
        ].lazy.compactMap { $0 }.first { $0 > 0 }
    }

    /// The grid to paint on: the one asked for, or the smallest that holds the frames.
    func grid(on asked: Geometry?) throws(SegmentationObjectError) -> (geometry: Geometry, frames: FrameGrid) {
        let geometry = if let asked { asked } else { try boundedGeometry() }
        let grid = try FrameGrid(geometry, orientation: orientation)
        guard zip(grid.orientation, orientation).allSatisfy({ abs($0 - $1) < 1e-3 }),
            zip(grid.pixelSpacing, pixelSpacing).allSatisfy({ abs($0 - $1) < 1e-3 * max($0, $1) })
        else {
            throw SegmentationObjectError(
                .otherGrid,
                "the segmentation has \(columns)×\(rows) pixels of \(pixelSpacing[1])×\(pixelSpacing[0]) mm, the grid asked for "
                    + "\(grid.columns)×\(grid.rows) of \(grid.pixelSpacing[1])×\(grid.pixelSpacing[0]) mm, or they are turned against each other"
            )
        }
        return (geometry, grid)
    }

    /// Where `grid` has a frame's first pixel.
    func place(of frame: Frame, _ grid: FrameGrid) throws(SegmentationObjectError) -> Place {
        let normal = FrameGrid.normal(orientation).normalized
        let depth = (frame.position - grid.origin).dot(normal) / grid.planeStep.dot(normal)
        let plane = depth.rounded()
        guard plane >= 0, plane < Double(grid.planes) else {
            throw SegmentationObjectError(
                .otherGrid, "frame \(frame.index + 1) lies outside the \(grid.planes) planes of the grid")
        }
        let rest = frame.position - grid.position(ofPlane: Int(plane))
        func pixels(_ step: SIMD3<Double>) -> Double { (rest.dot(step) / step.squaredLength).rounded() }
        let (column, row) = (pixels(grid.columnStep), pixels(grid.rowStep))
        let distance = (rest - grid.columnStep * column - grid.rowStep * row).length
        guard distance <= 0.01 + 0.02 * min(grid.planeSpacing, pixelSpacing.min() ?? 0),
            max(abs(column), abs(row)) <= Double(Self.mostPixels)
        else {
            throw SegmentationObjectError(
                .otherGrid,
                "frame \(frame.index + 1) lies \(distance) mm beside the nearest pixel of the grid: it was drawn on other images"
            )
        }
        return Place(plane: Int(plane), row: Int(row), column: Int(column))
    }

    /// A few small frames that lie far apart would ask for a grid of gigabytes.
    private func boundedGeometry() throws(SegmentationObjectError) -> Geometry {
        let geometry = try ownGeometry()
        let (voxels, stored) = (geometry.size.reduce(1, *), rows * columns * frames.count)
        guard voxels <= max(Self.harmlessVoxels, stored * Self.mostVoxelsPerPixel) else {
            throw SegmentationObjectError(
                .tooLarge,
                "the \(frames.count) frames of \(columns)×\(rows) pixels span a grid of \(geometry.size.map(String.init).joined(separator: "×")) voxels: "
                    + "give the images' grid (--like)")
        }
        return geometry
    }

    private func ownGeometry() throws(SegmentationObjectError) -> Geometry {
        let normal = FrameGrid.normal(orientation).normalized
        let sorted = frames.map { (depth: $0.position.dot(normal), position: $0.position) }.sorted {
            $0.depth < $1.depth
        }
        let (first, last) = (sorted[0], sorted[sorted.count - 1])
        let gaps = zip(sorted.dropFirst(), sorted).map { $0.depth - $1.depth }.filter { $0 > 1e-3 }
        var step = gaps.min() ?? planeSpacing ?? 1
        // Planes without frames may lie between any two that have some: then the stated spacing counts.
        if let planeSpacing, !gaps.isEmpty, (step / planeSpacing).rounded() >= 1,
            abs(step / planeSpacing - (step / planeSpacing).rounded()) < 0.02
        {
            step = planeSpacing
        }
        let intervals = ((last.depth - first.depth) / step).rounded()
        guard intervals < Double(Self.mostPlanes) else {
            throw SegmentationObjectError(
                .tooLarge, "the frames span more than \(Self.mostPlanes) planes of \(step) mm")
        }
        let row = FrameGrid.vector(orientation, 0).normalized * pixelSpacing[1]
        let column = FrameGrid.vector(orientation, 3).normalized * pixelSpacing[0]
        // In pixels, from the first frame's first one.
        let shifts = sorted.map { frame in
            let beside = frame.position - first.position - normal * (frame.depth - first.depth)
            return SIMD2(beside.dot(row) / row.squaredLength, beside.dot(column) / column.squaredLength)
        }
        // Frames may be cut out of one grid at places of their own. Otherwise they follow a tilted gantry, or there is
        // no grid at all.
        guard shifts.contains(where: { $0.max() > 0.5 || $0.min() < -0.5 }),
            shifts.allSatisfy({ abs($0.x - $0.x.rounded()) < 0.02 && abs($0.y - $0.y.rounded()) < 0.02 })
        else {
            let planeStep = intervals > 0 ? (last.position - first.position) / intervals : normal * step
            return geometry([row, column, planeStep], first.position, size: [columns, rows, Int(intervals) + 1])
        }
        let low = shifts.reduce(SIMD2.zero) { pointwiseMin($0, $1) }.rounded(.toNearestOrEven)
        let extent = shifts.reduce(SIMD2.zero) { pointwiseMax($0, $1) }.rounded(.toNearestOrEven) - low
        guard extent.max() <= Double(Self.mostPixels) else {
            throw SegmentationObjectError(.tooLarge, "the frames span more than \(Self.mostPixels) pixels of a plane")
        }
        let planeStep = normal * (intervals > 0 ? (last.depth - first.depth) / intervals : step)
        return geometry(
            [row, column, planeStep], first.position + row * low.x + column * low.y,
            size: [columns + Int(extent.x), rows + Int(extent.y), Int(intervals) + 1])
    }

    private func geometry(_ steps: [SIMD3<Double>], _ first: SIMD3<Double>, size: [Int]) -> Geometry {
        Geometry(size: size, affine: Affine(columns: steps.map(FrameGrid.lps), origin: FrameGrid.lps(first)))
    }
}
