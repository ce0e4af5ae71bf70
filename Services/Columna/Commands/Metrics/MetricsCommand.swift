import ArgumentParser
import Console
import Metrics
import Threads
import Volumes

/// `columna metrics`: everything measured between two label maps, here and now.
struct MetricsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "Measure a segmentation against its ground truth.",
        discussion: """
            Needs neither broker nor database. Per class: overlap, agreement of surfaces within tolerances, Hausdorff distances (greatest, 95th
            percentile, average, root mean square; both ways) between boundary voxels and between marching-cubes surfaces in mm, volumes and
            centroids; per case: identification of vertebrae. What is undefined is null in JSON and – in the table; distances of a class that one
            of the maps lacks always are.

            What ratios of such classes are worth is for --empty-classes to say:
              undefined  nothing where the class is in neither map or the denominator is 0
              monai      nothing for a class that is not in the truth
              nnu-net    as counted, but no Dice and IoU for a class in neither map
              miseval    0 for all that is undefined, but Dice and AUC 1 for a class in neither map

            Examples:
              columna metrics truth.nii.gz prediction.nii.gz
              columna metrics truth.nii.gz prediction.nii.gz --json --tolerance 1 --tolerance 2
              columna metrics verse.nii.gz segmented-at-1.5mm.nii.gz --truth-numbering verse --resample
            """)

    @Argument(help: "Ground truth (NIfTI).", completion: .file())
    var truth: String

    @Argument(help: "Segmentation on the same grid (NIfTI).", completion: .file())
    var prediction: String

    @OptionGroup var comparison: LabelMapComparison

    @OptionGroup var output: OutputOptions

    func validate() throws { try comparison.validate() }

    func run() async throws {
        let (truth, prediction, comparison) = (truth, prediction, comparison)
        let (pair, metrics) = try await OwnThread.run {
            let pair = try comparison.read(truth: truth, prediction: prediction)
            return (pair, try comparison.measure(pair))
        }
        if !output.json { for line in pair.remarks { remark(line) } }
        if pair.isResampled, !output.json {
            remark(
                "the prediction's labels were resampled onto the truth's grid, nearest voxel: distances are those of the resampled map"
            )
        }
        output.show(MetricsPresentation.json(metrics, of: pair)) { print(MetricsPresentation.table(metrics)) }
    }
}
