/// Whose rules a grid at other voxel sizes follows: its size and place, what counts outside the volume, and how halves
/// are rounded.
///
/// |           | size                           | place                  | outside              | nearest voxel of halves |
/// |-----------|--------------------------------|------------------------|----------------------|-------------------------|
/// | `monai`   | round((n − 1)·spacing/new + 1) | first voxel's centre   | the border voxel     | even index              |
/// | `nnUNet`  | round(n·spacing/new)           | the volume's extent    | the border voxel     | upper index             |
/// | `itk`     | round(n·spacing/new)           | first voxel's centre   | a value of its own   | upper index             |
/// | `totalSegmentator` | round(n·spacing/new)  | outer voxels' centres  | none is              | upper index             |
package enum ResamplingConvention: String, Sendable, Codable, CaseIterable {
    /// MONAI 1.6's `Spacing` with its defaults.
    case monai
    /// nnU-Net v2's `resample_data_or_seg_to_shape`: axes are scaled by the ratio of sizes, so that voxel sizes differ
    /// from those asked for by the rounding of the size. Cubic results are clipped to the range of what they were made
    /// from. Where the largest spacing is over three times the smallest, slices across the coarse axis are resampled in
    /// their plane, then the nearest slice is taken ("separate z").
    case nnUNet = "nnunet"
    /// SimpleITK's `Resample` onto a grid of the same first voxel and direction.
    case itk
    /// TotalSegmentator's `change_spacing`: `scipy.ndimage.zoom` without grid mode, so that the first and the last voxel's
    /// centres stay and voxel sizes differ from those asked for.
    case totalSegmentator = "totalsegmentator"

    /// What `itk` puts where the volume is not: air in Hounsfield units. Labels get 0.
    package static let outsideInHounsfieldUnits: Float = -1024
}
