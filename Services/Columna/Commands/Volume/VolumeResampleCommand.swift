import ArgumentParser
import Console
import Volumes

struct VolumeResampleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resample", abstract: "Write a volume at other voxel sizes, as preprocessing does.",
        discussion: """
            Conventions differ in the grid and in what counts outside the volume:
              monai   size round((n - 1) * spacing / new + 1), first voxel's centre kept, border voxel outside
              nnunet  size round(n * spacing / new), extent kept; cubic results clipped; coarse axes apart where spacings are over 3:1
              itk     size round(n * spacing / new), first voxel's centre kept, air (or background) outside
              totalsegmentator  size round(n * spacing / new), outer voxels' centres kept

            Examples:
              columna volume resample ct.nii.gz out.nii.gz --spacing 1.5
              columna volume resample ct.nii.gz out.nii.gz --spacing 0.8,0.8,3 --interpolation cubic --convention nnunet --orientation RAS
              columna volume resample labels.nii.gz out.nii.gz --spacing 1.5 --labels
            """)

    @OptionGroup var conversion: VolumeConversion

    @Option(
        help: ArgumentHelp("One number, or three for i, j, k separated by commas.", valueName: "mm"),
        transform: Numbers.triple)
    var spacing: [Double]

    @Option(
        help:
            "linear, nearest or cubic (B-splines); for labels nearest, or linear for the largest share. When left out: images linear, labels nearest."
    )
    var interpolation: Interpolation?

    @Option(help: "Whose rules the new grid follows: monai, nnunet, itk or totalsegmentator.")
    var convention = ResamplingConvention.monai

    func validate() throws {
        guard !conversion.labels || interpolation != .cubic else {
            throw ValidationError(
                "--interpolation cubic would mix the numbers of labels: they take nearest, or linear for the largest share"
            )
        }
    }

    func run() async throws {
        try await conversion.run(
            VolumeConversion.Request(
                spacing: spacing, interpolation: interpolation ?? (conversion.labels ? .nearest : .linear),
                convention: convention))
    }
}
