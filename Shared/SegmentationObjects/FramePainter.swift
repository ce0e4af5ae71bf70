import DICOMObjects

/// Paints stored frames into the voxels of a label map.
struct FramePainter {
    let grid: FrameGrid
    let overlap: SegmentationReading.Overlap
    /// Voxel value by segment number; 0 for segments to leave out.
    let values: [Int: UInt8]
    private(set) var voxels: [UInt8]
    private(set) var overlapCount = 0

    init(grid: FrameGrid, overlap: SegmentationReading.Overlap, values: [Int: UInt8]) {
        self.grid = grid
        self.overlap = overlap
        self.values = values
        voxels = [UInt8](repeating: 0, count: grid.rows * grid.columns * grid.planes)
    }

    mutating func paint(_ stored: StoredFrames, _ dataset: DICOMObject.Item) throws(SegmentationObjectError) {
        let pixels = stored.rows * stored.columns
        let needed = stored.isBinary ? (pixels * stored.frames.count + 7) / 8 : pixels * stored.frames.count
        guard let bytes = dataset.bytes(.pixelData), bytes.count >= needed else {
            throw SegmentationObjectError(
                .wrongPixelLength, "\(stored.frames.count) frames need \(needed) bytes of pixels, got \(dataset.byteCount(.pixelData) ?? 0) that can be read")
        }
        if stored.isBinary {
            for frame in stored.frames.sorted(by: { ($0.segment ?? 0, $0.index) < ($1.segment ?? 0, $1.index) }) {
                guard let value = values[frame.segment ?? 0] else {
                    throw SegmentationObjectError(.missingAttribute, "frame \(frame.index + 1) is of segment \(frame.segment ?? 0), which is not described")
                }
                if value > 0 { paintBits(bytes, frame.index * pixels, try stored.plane(of: frame, grid), value) }
            }
        } else {
            let padding = dataset.numbers(SegmentationTags.pixelPadding)?.first.flatMap { UInt8(exactly: $0) }
            for frame in stored.frames { try paintLabels(bytes, frame.index * pixels, try stored.plane(of: frame, grid), padding) }
        }
    }

    private mutating func paintBits(_ bytes: [UInt8], _ first: Int, _ plane: Int, _ value: UInt8) {
        let start = grid.start + plane * grid.strides.plane
        for row in 0..<grid.rows {
            let bit = first + row * grid.columns
            var column = 0
            while column < grid.columns {
                let at = bit + column
                // Most bytes are empty.
                if at & 7 == 0, bytes[at >> 3] == 0 {
                    column += 8
                    continue
                }
                if bytes[at >> 3] >> UInt8(at & 7) & 1 == 1 { claim(start + row * grid.strides.row + column * grid.strides.column, value) }
                column += 1
            }
        }
    }

    /// Segments come in the order of their numbers.
    private mutating func claim(_ voxel: Int, _ value: UInt8) {
        if voxels[voxel] == 0 || overlap == .highest {
            if voxels[voxel] != 0, voxels[voxel] != value { overlapCount += 1 }
            voxels[voxel] = value
        } else if voxels[voxel] != value {
            overlapCount += 1
        }
    }

    private mutating func paintLabels(_ bytes: [UInt8], _ first: Int, _ plane: Int, _ padding: UInt8?) throws(SegmentationObjectError) {
        var table = [UInt8?](repeating: nil, count: 256)
        for (number, value) in values where number < 256 { table[number] = value }
        table[0] = 0
        if let padding { table[Int(padding)] = 0 }
        let start = grid.start + plane * grid.strides.plane
        for row in 0..<grid.rows {
            for column in 0..<grid.columns {
                let label = bytes[first + row * grid.columns + column]
                guard let value = table[Int(label)] else {
                    throw SegmentationObjectError(.missingAttribute, "a pixel is of segment \(label), which is not described")
                }
                voxels[start + row * grid.strides.row + column * grid.strides.column] = value
            }
        }
    }
}
