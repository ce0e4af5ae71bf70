import Faults
import Volumes

/// A label map cut into the frames of a segmentation, with what they refer to.
struct SegmentationContent {
    let grid: FrameGrid
    let frames: BinaryFrames
    let planes: SourcePlanes
    /// Those with voxels.
    let segments: [Segment]

    init(_ labels: Volume<UInt8>, _ segments: [Segment], _ source: SourceSeries) throws {
        var (voxels, grid) = (labels.voxels, try FrameGrid(labels.geometry, orientation: source.orientation))
        if grid.strides.column.magnitude != 1 {
            // Rows that lie across the memory are turned first, by blocks, if the axes' letters tell all.
            let turned = labels.reoriented(to: grid.geometry.orientation)
            let turnedGrid = try FrameGrid(turned.geometry, orientation: source.orientation)
            if turned.geometry.isSameGrid(as: grid.geometry) { (voxels, grid) = (turned.voxels, turnedGrid) }
        }
        let all = try BinaryFrames(voxels, grid, values: segments.map(\.value))
        let used = Set(all.frames.map(\.segment)).sorted()
        guard !used.isEmpty else {
            throw SegmentationObjectError(
                .invalidLabels,
                "the label map has no voxel of any of \(segments.count) segments: there is nothing to store")
        }
        self.segments = used.map { segments[$0] }
        let numbers = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($0.element, $0.offset) })
        frames = all.numbered { numbers[$0] ?? 0 }
        self.grid = grid
        planes = SourcePlanes(grid, source)
        try checkPlace()
    }

    /// A label map of other images would be drawn on vertebrae it has never seen.
    private func checkPlace() throws(SegmentationObjectError) {
        let beyond = frames.frames.map { planes.matches[$0.plane].beyond }.max() ?? 0
        guard beyond <= max(planes.largestStep, grid.planeSpacing) + 1e-3 else {
            throw SegmentationObjectError(
                .invalidLabels,
                "the label map has voxels \(Int(beyond.rounded())) mm beyond the images: it is not of this series, name the one it was drawn on"
            )
        }
    }
}

extension BinaryFrames {
    /// The same frames with other numbers of segments.
    func numbered(_ number: (Int) -> Int) -> BinaryFrames {
        BinaryFrames(frames: frames.map { Frame(segment: number($0.segment), plane: $0.plane) }, bits: bits)
    }

    private init(frames: [Frame], bits: [UInt8]) {
        self.frames = frames
        self.bits = bits
    }
}
