import Volumes

/// What is kept of a case that models are to learn from.
package enum TrainingCrop: String, Sendable, Codable, CaseIterable {
    case none
    /// MONAI's `CropForeground` as MONAI Label's radiology task has it: the box of what lies above the mean, ten voxels
    /// more on each side, made a multiple of the patch; zeros where that leaves the image. Between z-score and smoothing,
    /// so that minimum and maximum are those of the box, while inference takes those of the image.
    case foreground

    /// What the box is drawn around: cases to learn from by what they show, cases to validate on by their labels.
    package enum Source: Sendable { case image, label }

    static let margin = 10

    /// MONAI's `compute_bounding_box` with `allow_smaller` false.
    ///
    /// - Parameters:
    ///   - k: what each edge is to be a multiple of.
    /// - Returns: a box that may leave the grid; nil where nothing is above 0.
    static func box<Voxel: Comparable & ExpressibleByIntegerLiteral & BitwiseCopyable>(
        around volume: Volume<Voxel>, multipleOf k: [Int]
    ) -> VoxelBox? {
        let size = volume.geometry.size
        var (first, last) = (size, [-1, -1, -1])
        for z in 0..<size[2] {
            for y in 0..<size[1] {
                let row = volume.voxels[volume.row(y, z)]
                guard let left = row.firstIndex(where: { $0 > 0 }), let right = row.lastIndex(where: { $0 > 0 }) else {
                    continue
                }
                for (axis, bounds) in [(left - row.startIndex, right - row.startIndex), (y, y), (z, z)].enumerated() {
                    first[axis] = min(first[axis], bounds.0)
                    last[axis] = max(last[axis], bounds.1)
                }
            }
        }
        guard last[0] >= 0 else { return nil }
        return VoxelBox(
            (0..<3).map { axis in
                let length = last[axis] + 1 - first[axis] + 2 * margin
                let edge = (length + k[axis] - 1) / k[axis] * k[axis]
                let start = first[axis] - margin - (edge - length) / 2
                return start..<start + edge
            })
    }
}
