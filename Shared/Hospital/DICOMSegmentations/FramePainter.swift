import DICOMDictionary
import DICOMSeries
import DICOMObjects
import Faults
import Foundation

/// Paints stored frames into the voxels of a label map.
struct FramePainter {
    let grid: FrameGrid
    let overlap: SegmentationReading.Overlap
    /// Voxel value by segment number; 0 for segments to leave out.
    let values: [Int: UInt8]
    private(set) var voxels: [UInt8] = []
    private(set) var overlapCount = 0

    /// 2048 × 2048 × 1024.
    private static let mostVoxels = 1 << 32

    init(grid: FrameGrid, overlap: SegmentationReading.Overlap, values: [Int: UInt8]) throws(SegmentationObjectError) {
        let (plane, isTooWide) = grid.rows.multipliedReportingOverflow(by: grid.columns)
        let (count, isTooDeep) = plane.multipliedReportingOverflow(by: grid.planes)
        guard !isTooWide, !isTooDeep, count <= Self.mostVoxels else {
            throw SegmentationObjectError(
                .tooLarge,
                "the grid has \(grid.columns)×\(grid.rows)×\(grid.planes) voxels, expected at most \(Self.mostVoxels)")
        }
        self.grid = grid
        self.overlap = overlap
        self.values = values
    }

    /// - Parameter file: that of the dataset.
    mutating func paint(_ stored: StoredFrames, _ dataset: DICOMObject.Item, _ file: URL) throws {
        switch stored.pixels {
        case .bits:
            let bytes = try bits(stored, dataset)
            clear()
            for (frame, value) in try claims(stored) where value > 0 {
                try paintBits(
                    bytes, frame.index * stored.rows * stored.columns, stored, try stored.place(of: frame, grid), value)
            }
        case .masks(let full, let isFractional):
            let pixels = try storedPixels(stored, file)
            clear()
            for (frame, value) in try claims(stored) {
                try paintMask(
                    try pixels.values(of: frame.index), full, isFractional, stored, try stored.place(of: frame, grid),
                    value)
            }
        case .labels:
            let pixels = try storedPixels(stored, file)
            clear()
            let table = table(
                padding: dataset.numbers(.pixelPaddingValue)?.first.flatMap { Int(exactly: $0) })
            for frame in stored.frames {
                try paintLabels(try pixels.values(of: frame.index), table, stored, try stored.place(of: frame, grid))
            }
        }
    }

    /// Called when the pixels are known to be there: a header alone must not cost the memory of its grid.
    private mutating func clear() { voxels = [UInt8](repeating: 0, count: grid.rows * grid.columns * grid.planes) }

    /// Of native pixels, all frames without gaps.
    private func bits(_ stored: StoredFrames, _ dataset: DICOMObject.Item) throws(SegmentationObjectError) -> [UInt8] {
        let needed = (stored.rows * stored.columns * stored.frames.count + 7) / 8
        guard dataset.byteCount(.pixelData) != nil || !dataset.contains(.pixelData) else {
            throw SegmentationObjectError(
                .unsupported,
                "pixels of one bit are read where they are not compressed: export it in explicit little endian")
        }
        guard let bytes = dataset.bytes(.pixelData), bytes.count >= needed else {
            throw SegmentationObjectError(
                .wrongPixelLength,
                "\(stored.frames.count) frames need \(needed) bytes of pixels, got \(dataset.byteCount(.pixelData) ?? 0) that can be read"
            )
        }
        return bytes
    }

    /// The codecs that images have. What they say of missing pixels is said as of bits.
    private func storedPixels(_ stored: StoredFrames, _ file: URL) throws -> StoredPixels {
        let pixels: StoredPixels
        do throws(DICOMError) {
            pixels = try StoredPixels(file: file)
        } catch {
            guard error.code == .wrongPixelLength || error.code == .missingPixelData else { throw error }
            throw SegmentationObjectError(.wrongPixelLength, error.description)
        }
        guard pixels.frames == stored.frames.count, pixels.rows == stored.rows, pixels.columns == stored.columns else {
            throw SegmentationObjectError(
                .wrongPixelLength, "\(stored.frames.count) frames are described, got \(pixels.frames)")
        }
        return pixels
    }

    /// Frames in the order of their segments, and the values these get.
    private func claims(_ stored: StoredFrames) throws(SegmentationObjectError) -> [(StoredFrames.Frame, UInt8)] {
        var claims: [(StoredFrames.Frame, UInt8)] = []
        for frame in stored.frames.sorted(by: { ($0.segment ?? 0, $0.index) < ($1.segment ?? 0, $1.index) }) {
            guard let value = values[frame.segment ?? 0] else {
                throw SegmentationObjectError(
                    .missingAttribute,
                    "frame \(frame.index + 1) is of segment \(frame.segment ?? 0), which is not described")
            }
            claims.append((frame, value))
        }
        return claims
    }

    private mutating func paintBits(
        _ bytes: [UInt8], _ first: Int, _ stored: StoredFrames, _ place: StoredFrames.Place, _ value: UInt8
    ) throws(SegmentationObjectError) {
        for row in 0..<stored.rows {
            let bit = first + row * stored.columns
            var column = 0
            while column < stored.columns {
                let at = bit + column
                // Most bytes are empty.
                if at & 7 == 0, bytes[at >> 3] == 0 {
                    column += 8
                    continue
                }
                if bytes[at >> 3] >> UInt8(at & 7) & 1 == 1 { claim(try voxel(place, row, column), value) }
                column += 1
            }
        }
    }

    private mutating func paintMask(
        _ pixels: [Int32], _ full: Int32, _ isFractional: Bool, _ stored: StoredFrames, _ place: StoredFrames.Place,
        _ value: UInt8
    ) throws(SegmentationObjectError) {
        for row in 0..<stored.rows {
            for column in 0..<stored.columns {
                let pixel = pixels[row * stored.columns + column]
                guard pixel == 0 || pixel == full else {
                    let what =
                        isFractional
                        ? "FRACTIONAL segmentation holds fractions, such as \(pixel) of \(full)"
                        : "BINARY segmentation holds a pixel of \(pixel)"
                    throw SegmentationObjectError(
                        .unsupported,
                        "\(what), expected 0 and \(full) only: which voxels count is a decision, export it as BINARY")
                }
                if pixel == full, value > 0 { claim(try voxel(place, row, column), value) }
            }
        }
    }

    /// Voxel value by pixel; nil for what is not described.
    private func table(padding: Int?) -> [UInt8?] {
        var table = [UInt8?](repeating: nil, count: 65536)
        for (number, value) in values where table.indices.contains(number) { table[number] = value }
        table[0] = 0
        if let padding, table.indices.contains(padding) { table[padding] = 0 }
        return table
    }

    private mutating func paintLabels(
        _ pixels: [Int32], _ table: [UInt8?], _ stored: StoredFrames, _ place: StoredFrames.Place
    ) throws(SegmentationObjectError) {
        for row in 0..<stored.rows {
            for column in 0..<stored.columns {
                let label = Int(pixels[row * stored.columns + column])
                guard table.indices.contains(label), let value = table[label] else {
                    throw SegmentationObjectError(
                        .missingAttribute, "a pixel is of segment \(label), which is not described")
                }
                if value > 0 { claim(try voxel(place, row, column), value) }
            }
        }
    }

    /// Of a labelled pixel: background may reach beyond the grid, labels must not.
    private func voxel(_ place: StoredFrames.Place, _ row: Int, _ column: Int) throws(SegmentationObjectError) -> Int {
        let (row, column) = (place.row + row, place.column + column)
        guard row >= 0, row < grid.rows, column >= 0, column < grid.columns else {
            throw SegmentationObjectError(
                .otherGrid,
                "a labelled pixel lies outside the \(grid.columns)×\(grid.rows) pixels of the grid: it was drawn on other images, or the grid is a part of them"
            )
        }
        return grid.start + place.plane * grid.strides.plane + row * grid.strides.row + column * grid.strides.column
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
}
