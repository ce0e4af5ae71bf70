/// How large a file's contents may be before reading stops.
package struct ReadLimits: Sendable, Hashable, Codable {
    /// Voxels of one volume.
    package var maximumVoxels: Int
    /// Bytes of voxels as stored in the file, after decompression.
    package var maximumBytes: Int

    package init(maximumVoxels: Int, maximumBytes: Int) {
        self.maximumVoxels = maximumVoxels
        self.maximumBytes = maximumBytes
    }

    /// 2³¹ voxels (1290³) and 8 GiB.
    package static let standard = ReadLimits(maximumVoxels: 1 << 31, maximumBytes: 8 << 30)
}
