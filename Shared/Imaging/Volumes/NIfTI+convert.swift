package import Foundation

extension NIfTI {
    /// Writes a file's volume to another one, every voxel bit by bit: same type, same scaling, also what is no finite
    /// number. Only the axes may be put in another order and direction, and bytes are put in this machine's order.
    ///
    /// Throws what `readImage` and `write` throw, but for values.
    /// - Returns: the grid as it was written.
    @discardableResult
    package static func convert(
        _ source: URL, to target: URL, orientation: Orientation? = nil, limits: ReadLimits = .standard
    ) throws -> Geometry {
        let reader = try withPath(source) { try NIfTIReader(path: $0, limits: limits) }
        func convert<Word: FixedWidthInteger & BitwiseCopyable & Sendable>(_ word: Word.Type) throws -> Geometry {
            let words = try withPath(source) { _ in try reader.words(of: word) }
            var volume = Volume(geometry: reader.header.geometry, voxels: words)
            if let orientation { volume = volume.reoriented(to: orientation) }
            let scaling = (reader.header.slope, reader.header.intercept)
            try write(volume.geometry, reader.header.voxelType, scaling: scaling, to: target) { sink in
                try volume.voxels.withUnsafeBytes(sink.write)
            }
            return volume.geometry
        }
        switch reader.header.voxelType.byteCount {
        case 1: return try convert(UInt8.self)
        case 2: return try convert(UInt16.self)
        case 4: return try convert(UInt32.self)
        default: return try convert(UInt64.self)
        }
    }
}
