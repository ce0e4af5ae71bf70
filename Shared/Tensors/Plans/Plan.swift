import Anatomy
import Faults
package import Networks
package import Volumes

/// Every decision a model was trained under and must be run with: one `plan.json`, made once, read by preprocessing,
/// training and inference, and carried inside the model file.
///
/// Axes are those of `orientation`, in its order: (i, j, k) of the network-ready volume and (D, H, W) of the network's
/// input at once. Spacing, patch and mirroring follow.
package struct Plan: Sendable, Equatable, Codable {
    package static let currentSchemaVersion = 1

    package var schemaVersion = Plan.currentSchemaVersion
    /// The name of the label set; class c of the network is label c of the set, or `classLabels[c]`. A name that
    /// `Anatomy` doesn't know is taken as it is.
    package var labelSet = "spine-25"
    /// The label that each class of the network is written as, where they are not the same: several classes can be
    /// parts of one (S1 and the rest of the sacrum). The class that wins decides; nothing is added up.
    package var classLabels: [Int]?
    /// Whether the classes of one label are made one, by the highest logit, window by window before windows are blended:
    /// the memory of few instead of many. Within a window the label that wins is the same; where windows overlap and see
    /// different ones of such classes, the sum of the highest is not the highest of the sums.
    package var mergesClasses = false
    /// Where the three axes of the network's input grow to: `RAS` as MONAI sees canonical NIfTI files, `SAR` as nnU-Net
    /// sees them (arrays (k, j, i) of RAS). nnU-Net's `transpose_forward` permutes those letters: [1, 0, 2] makes it
    /// `ASR`.
    package var orientation = "RAS"
    package var spacingInMillimetres = [1.5, 1.5, 1.5]
    /// Whether images keep their own voxel sizes, whatever `spacingInMillimetres` says of those the model was trained
    /// on: nnU-Net's plans without resampling.
    package var keepsSpacing = false
    /// For images. Labels take the nearest voxel by MONAI's rules, by nnU-Net's the label with the largest linear
    /// share.
    package var interpolation = Interpolation.linear
    /// Whose rules say how large the network-ready grid is and where it lies, `.monai` or `.nnUNet`; also of the way
    /// back. By nnU-Net's the image is first cropped to the box of voxels that are not exactly 0, outside of which
    /// everything is background.
    package var resampling = ResamplingConvention.monai
    /// Where the class that wins is decided.
    package var labelGrid = LabelGrid.original
    package var intensities = Intensities.spine
    /// What of a case is kept where models are to learn from it. Whole images are segmented: inference never crops so.
    package var trainingCrop = TrainingCrop.none
    /// Edge of the network's windows (D, H, W), in voxels.
    package var patch = [96, 96, 96]
    package var slidingWindow = WindowPlan()
    package var network = NetworkConfiguration.segResNet(SegResNet.Configuration())
    /// Where a planner made the plan.
    package var training: PlannedTraining?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case schemaVersion, labelSet, classLabels, mergesClasses, orientation, spacingInMillimetres, keepsSpacing,
            interpolation,
            resampling, labelGrid, intensities, trainingCrop, patch, slidingWindow
        case network, training
    }

    package init() {}

    /// The axis of the network's input, of 0, 1, 2, that runs from left to right or back.
    package var leftRightAxis: Int { Orientation(orientation)?.directions.firstIndex { $0.worldAxis == 0 } ?? 0 }

    /// Classes of the network, background included.
    package var classes: Int { network.outputChannels }

    /// The one class behind the labels' own that is written as background: what is to be told from the labels and has
    /// none, such as other bones. Nil where there is none.
    package var unlabelledClass: UInt8? {
        guard let classLabels, classLabels == Array(0..<classes - 1) + [0] else { return nil }
        return UInt8(classes - 1)
    }

    /// Whether intensities are mapped before images are resampled.
    package var mapsIntensitiesFirst: Bool { intensities.precedesResampling && resampling != .totalSegmentator }

    /// Logits of a voxel that windows are blended of.
    package var blendedClasses: Int { mergesClasses ? labelCount : classes }

    /// Values a label map can have, background included.
    package var labelCount: Int { classLabels.map { ($0.max() ?? 0) + 1 } ?? classes }

    /// - Throws: `PlanError.invalidPlan` naming the decision, its value and what was expected.
    package func validate() throws {
        try demand(
            schemaVersion == Plan.currentSchemaVersion,
            "schemaVersion must be \(Plan.currentSchemaVersion), got \(schemaVersion)")
        try demand(
            Orientation(orientation)?.description == orientation,
            "orientation must be three letters, one each of R or L, A or P, S or I, such as RAS or SAR, got \(orientation.prefix(8))"
        )
        try demand(
            spacingInMillimetres.count == 3 && spacingInMillimetres.allSatisfy { (0.1...20).contains($0) },
            "spacing must be 0.1 to 20 mm on each of three axes, got \(spacingInMillimetres)")
        try demand(
            resampling != .itk,
            "resampling must be by the rules of monai, nnunet or totalsegmentator, got \(resampling.rawValue)")
        try demand(
            resampling != .totalSegmentator || labelGrid == .network && !keepsSpacing,
            "resampling by the rules of totalsegmentator needs labelGrid network and a spacing of its own")
        try demand(
            !mergesClasses || classLabels.map { Set($0) == Set(0..<labelCount) } == true,
            "mergesClasses needs classLabels, which say what is to be merged, without gaps")
        try validateIntensities()
        do { try network.validate() } catch { throw PlanError(.invalidPlan, "network: \(error)") }
        try demand(network.inputChannels == 1, "the network must have one input channel, got \(network.inputChannels)")
        try demand(
            (2...256).contains(network.outputChannels),
            "the network must have 2 to 256 classes, got \(network.outputChannels)")
        if let training {
            try demand(training.batchSize > 0, "training.batchSize must be positive, got \(training.batchSize)")
        }
        try validateLabels()
        try validatePatch()
        try validateWindows()
    }

    private func validateLabels() throws {
        if let classLabels {
            try demand(
                classLabels.count == classes && classLabels.first == 0
                    && classLabels.allSatisfy { (0...255).contains($0) },
                "classLabels must give each of the \(classes) classes a label from 0 to 255, background 0, got \(classLabels.prefix(300))"
            )
        }
        guard let set = LabelSet.named(labelSet) else { return }
        let covered = classLabels.map { Set($0) == Set(0..<set.channels) } ?? (set.channels == classes)
        try demand(
            covered,
            classLabels == nil
                ? "label set \(labelSet) needs \(set.channels) classes with background, the network has \(classes)"
                : "label set \(labelSet) has the labels 0 to \(set.highestValue), classLabels must name each of them and no others"
        )
    }

    private func validateIntensities() throws {
        try demand(
            trainingCrop == .none || intensities == .monaiLabel,
            "training crop \(trainingCrop.rawValue) needs intensities of scheme monaiLabel, whose mean it goes by")
        switch intensities {
        case .monaiLabel: return
        case .steps(let steps):
            try demand(
                (1...16).contains(steps.count), "intensities must be 1 to 16 steps, got \(steps.count)")
            for defect in steps.compactMap(\.defect) { throw PlanError(.invalidPlan, "intensities: \(defect)") }
        case .window(let lower, let upper):
            try demand(
                lower.isFinite && upper.isFinite && lower < upper,
                "intensity window must rise from lower to upper HU, got \(lower) to \(upper)")
        case .ct(let lower, let upper, let mean, let deviation):
            try demand(
                lower.isFinite && upper.isFinite && lower < upper,
                "intensities must be clipped from lower to upper HU, got \(lower) to \(upper)")
            try demand(
                mean.isFinite && deviation.isFinite && deviation >= 0,
                "mean and standard deviation of the intensities must be numbers, the latter not negative, got \(mean) and \(deviation)"
            )
        }
    }

    private func validatePatch() throws {
        let divisors = network.spatialDivisors
        try demand(
            patch.count == 3 && zip(patch, divisors).allSatisfy { $0 > 0 && $0 % $1 == 0 },
            "patch must have three edges divisible by \(divisors) (a network of \(network.features.count) levels), got \(patch)"
        )
        do { try network.requireInput(shape: [1, network.inputChannels] + patch) } catch {
            throw PlanError(.invalidPlan, "patch: \(error)")
        }
    }

    private func validateWindows() throws {
        try demand(
            slidingWindow.overlap >= 0 && slidingWindow.overlap < 1,
            "overlap must lie in 0 ..< 1, got \(slidingWindow.overlap)")
        try demand(
            slidingWindow.sigmaScale > 0 && slidingWindow.sigmaScale.isFinite,
            "sigma scale must be positive, got \(slidingWindow.sigmaScale)")
        try demand(
            Set(slidingWindow.mirroring).count == slidingWindow.mirroring.count
                && slidingWindow.mirroring.allSatisfy { (0..<3).contains($0) },
            "mirroring must name each of the axes 0, 1, 2 at most once, got \(slidingWindow.mirroring)")
        try demand(
            slidingWindow.airInHounsfieldUnits?.isFinite ?? true,
            "air must be a number of HU, got \(slidingWindow.airInHounsfieldUnits ?? 0)")
    }

    private func demand(_ holds: Bool, _ sentence: @autoclosure () -> String) throws {
        guard holds else { throw PlanError(.invalidPlan, sentence()) }
    }
}
