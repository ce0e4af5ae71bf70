import Faults
package import Networks
package import Plans
package import PyTorchFiles
import Volumes

/// A model of nnU-Net in Columna's words. What nnU-Net does and the plan cannot say is refused, or recorded where it
/// changes little.
package struct NNUNetTranslation {
    package let plan: Plan
    package let parameters: Parameters
    package let source: ModelSource

    /// The readers that turn images to RAS; all others take the axes as they are stored. Sources:
    /// nnunetv2/imageio/{nibabel,simpleitk}_reader_writer.py.
    private static let reorientingReaders = [reorientingReader, "SimpleITKIOWithReorient"]
    /// The one that exported models name.
    static let reorientingReader = "NibabelIOWithReorient"

    /// - Parameters:
    ///   - labels: the names of the outputs, where they are not those of its dataset.json.
    ///   - forTotalSegmentator: whether images are prepared, and labels brought back, as TotalSegmentator does around
    ///     nnU-Net (totalsegmentator/nnunet.py, resampling.py): to the plans' spacing by linear zoom of whole Hounsfield
    ///     units, windows by steps of 0.8, no mirroring, labels back by the nearest voxel.
    /// - Throws: `ModelExchangeError`: `undecided` where the images' orientation must be said, `unsupported`.
    package init(
        _ model: NNUNetModel, imageOrientation: String?, labels: [String]? = nil, forTotalSegmentator: Bool = false
    ) throws {
        let labels = ForeignLabels(labels ?? model.dataset.labels)
        var plan = Plan()
        plan.labelSet = labels.labelSet ?? (model.plans.datasetName.isEmpty ? "nnunet" : model.plans.datasetName)
        // It turns images to RAS itself, whatever reader the plans name.
        let reads = forTotalSegmentator && !Self.reorientingReaders.contains(model.plans.imageReader)
        plan.orientation = try Self.orientation(model, reads ? "RAS" : imageOrientation)
        plan.classLabels = labels.classLabels
        plan.mergesClasses = labels.isWorthMerging
        plan.spacingInMillimetres = model.configuration.spacingInMillimetres
        plan.keepsSpacing = model.configuration.resampling.keepsSpacing
        plan.resampling = .nnUNet
        plan.interpolation = Self.interpolation(model)
        plan.intensities = try Self.intensities(model)
        plan.patch = model.configuration.patch
        plan.slidingWindow = .nnUNet
        plan.slidingWindow.mirroring = model.mirroringAxes.sorted()
        plan.network = model.network
        if forTotalSegmentator { Self.surround(&plan) }
        self.plan = plan
        parameters = labels.order.map { model.parameters.reorderingClasses($0) } ?? model.parameters
        var source = Self.source(model, labels, imageOrientation)
        if forTotalSegmentator {
            source.remarks = source.remarks.filter {
                !$0.contains("resample") && !$0.contains("what was said at import")
            }
            source.remarks.append(
                "It is run as TotalSegmentator runs it since 2.16: images by linear zoom between the outer voxels' centres, windows by steps of 0.8, not mirrored, "
                    + "labels by the nearest voxel. Images that TotalSegmentator cuts into three because they are large are segmented in one."
            )
        }
        self.source = source
    }

    /// What TotalSegmentator does around nnU-Net.
    private static func surround(_ plan: inout Plan) {
        (plan.resampling, plan.interpolation, plan.keepsSpacing) = (.totalSegmentator, .linear, false)
        plan.labelGrid = .network
        plan.slidingWindow.overlap = 0.2
        plan.slidingWindow.mirroring = []
    }

    /// nnU-Net's arrays are (k, j, i), then transposed.
    private static func orientation(_ model: NNUNetModel, _ given: String?) throws -> String {
        let reader = model.plans.imageReader
        let reorients = reorientingReaders.contains(reader)
        if reorients, let given, given.uppercased() != "RAS" {
            throw ModelExchangeError(
                .unsupported,
                "the model's images were turned to RAS when they were read (\(reader)), got the orientation \(given.prefix(8))"
            )
        }
        guard let letters = reorients ? "RAS" : given else {
            throw ModelExchangeError(
                .undecided,
                "the model was trained on images in the orientation they were stored in (\(reader.isEmpty ? "no reader is named" : reader)), "
                    + "and nothing says which: name it with --orientation, such as RAS or LPS (`columna volume info` shows an image's)"
            )
        }
        guard let orientation = Orientation(letters) else {
            throw ModelExchangeError(
                .undecided,
                "the orientation must be three letters, one each of R or L, A or P, S or I, got \(letters.prefix(8))")
        }
        let array = Array(orientation.description.reversed())
        return String(model.plans.transposeForward.map { array[$0] })
    }

    /// Splines of other degrees than 0, 1 and 3 are rare, and next to cubic ones.
    private static func interpolation(_ model: NNUNetModel) -> Interpolation {
        switch model.configuration.resampling.order {
        case 0: .nearest
        case 1: .linear
        default: .cubic
        }
    }

    private static func intensities(_ model: NNUNetModel) throws -> Intensities {
        guard model.configuration.normalization == "CTNormalization" else {
            throw ModelExchangeError(
                .unsupported,
                "the model normalises by \(model.configuration.normalization.prefix(60)), Columna's plans know nnU-Net's CTNormalization only"
            )
        }
        guard let found = model.plans.intensities else {
            throw ModelExchangeError(
                .unsupported,
                "plans.json lacks the foreground intensities (mean, std, percentiles) that CTNormalization goes by")
        }
        return .ct(lower: found.lower, upper: found.upper, mean: found.mean, deviation: found.deviation)
    }

    private static func source(_ model: NNUNetModel, _ labels: ForeignLabels, _ imageOrientation: String?)
        -> ModelSource
    {
        var source = ModelSource(.nnUNet)
        source.labels = labels.names
        source.dataSet = model.plans.datasetName
        source.configuration = model.configuration.name
        source.trainer = model.trainer
        source.plans = model.plans.plansName
        source.fold = model.fold
        let resampling = model.configuration.resampling
        // Splines end at degree 5.
        source.resamplingOrder = (0...5).contains(resampling.order) ? resampling.order : nil
        if !model.otherFolds.isEmpty {
            source.remarks.append(
                "This is fold \(model.fold); there are also \(model.otherFolds.joined(separator: ", ")). "
                    + "nnU-Net predicts with the mean of the numbered ones, as here an ensemble of them does."
            )
        }
        if !model.strangers.isEmpty {
            let names = model.strangers.prefix(5).map { $0.prefix(40) }.joined(separator: ", ")
            source.remarks.append(
                "Left out, as nnU-Net's folds are called fold_all or fold_ and a number: \(names)"
                    + (model.strangers.count > 5 ? " and \(model.strangers.count - 5) more." : "."))
        }
        if ![0, 1, 3].contains(resampling.order) {
            source.remarks.append(
                "nnU-Net resamples images by splines of order \(resampling.order), this plan by cubic ones: "
                    + "labels can differ by a voxel at borders where an image's spacing is not the model's.")
        }
        if !resampling.isUsual {
            source.remarks.append(
                "Its plans resample by rules of their own (z forced apart or together, or answers by other splines), Columna by nnU-Net's usual ones: labels "
                    + "differ at borders where an image's spacing is not the model's, most where slices are over three times as thick as pixels are wide."
            )
        }
        if labels.labelSet == nil {
            source.remarks.append(
                "Its labels are none of Columna's sets: label maps have the values of dataset.json (1 \(labels.names[1].prefix(40)), …); "
                    + "evaluation, which knows spine-25, does not fit them.")
        }
        source.remarks += labels.remarks
        if let imageOrientation, !reorientingReaders.contains(model.plans.imageReader) {
            source.remarks.append(
                "That the training images were stored as \(imageOrientation.uppercased()) is what was said at import, not in the model."
            )
        }
        return source
    }
}
