import Faults
import Foundation
import Networks
import Statistics

/// Plans a network for a data set as nnU-Net does: spacing, patch, batch and depth from the fingerprint and from what
/// fits into the memory it is meant for.
///
/// Sources: nnunetv2/experiment_planning/experiment_planners (default_experiment_planner.py, residual_unets).
package struct ExperimentPlanner: Sendable {
    /// nnU-Net's planners.
    package enum Preset: String, Sendable, CaseIterable {
        /// `ExperimentPlanner`: a plain U-Net for 8 GB.
        case plain
        /// `ResEncUNetPlanner`: residual blocks, as large.
        case residual = "resenc"
        /// `nnUNetPlannerResEncM`, L and XL: residual blocks for 8, 24 and 40 GB, batches of any share of the data.
        case residualMedium = "resenc-m"
        case residualLarge = "resenc-l"
        case residualExtraLarge = "resenc-xl"

        package var isResidual: Bool { self != .plain }

        /// nnU-Net's name of the planner, and of the plans that it makes.
        package var planner: (name: String, plans: String) {
            switch self {
            case .plain: ("ExperimentPlanner", "nnUNetPlans")
            case .residual: ("ResEncUNetPlanner", "nnUNetResEncUNetPlans")
            case .residualMedium: ("nnUNetPlannerResEncM", "nnUNetResEncUNetMPlans")
            case .residualLarge: ("nnUNetPlannerResEncL", "nnUNetResEncUNetLPlans")
            case .residualExtraLarge: ("nnUNetPlannerResEncXL", "nnUNetResEncUNetXLPlans")
            }
        }

        /// What its networks are meant for.
        package var memoryInGigabytes: Double {
            switch self {
            case .plain, .residual, .residualMedium: 8
            case .residualLarge: 24
            case .residualExtraLarge: 40
            }
        }

        /// Voxels of feature maps that fit into that memory.
        fileprivate var reference: Double {
            switch self {
            case .plain: 560e6
            case .residual, .residualMedium: 680e6
            case .residualLarge: 2100e6
            case .residualExtraLarge: 3600e6
            }
        }

        /// Share of the data set's voxels that one batch may cover, against overfitting.
        fileprivate var largestShare: Double {
            switch self {
            case .plain, .residual: 0.05
            case .residualMedium, .residualLarge, .residualExtraLarge: 1
            }
        }
    }

    private static let anisotropy = 3.0
    private static let (baseFeatures, mostFeatures) = (32, 320)
    private static let smallestBatch = 2
    /// Below this share of the median image, a patch sees too little: a coarser network would be planned first.
    private static let lowResolutionShare = 0.25

    private let fingerprint: DataSetFingerprint
    private let classes: Int
    private let preset: Preset
    private let spacing: [Double]?
    /// Voxels of feature maps that fit into the memory.
    package let fittingFeatureVoxels: Double

    /// - Parameters:
    ///   - fingerprint: of one case or more.
    ///   - classes: with background.
    ///   - spacing: in mm, in the order of the fingerprint's axes, instead of the planned one.
    ///   - memory: in GB that the network is for; nil: the preset's.
    /// - Throws: `PlanningError`: `unusableFingerprint`, `unusableWish`.
    package init(
        _ fingerprint: DataSetFingerprint, classes: Int, preset: Preset = .plain, spacing: [Double]? = nil,
        memoryInGigabytes memory: Double? = nil
    ) throws {
        try fingerprint.validate()
        if let memory, !(1...1024).contains(memory) {
            throw PlanningError(.unusableWish, "the memory must be 1 to 1024 GB, got \(memory)")
        }
        guard spacing.map({ $0.count == 3 && $0.allSatisfy { $0 > 0 && $0.isFinite } }) ?? true else {
            throw PlanningError(
                .unusableWish, "the spacing must be three positive numbers of mm, got \(spacing ?? [])")
        }
        self.fingerprint = fingerprint
        self.classes = classes
        self.preset = preset
        self.spacing = spacing
        fittingFeatureVoxels =
            preset.reference * (memory ?? preset.memoryInGigabytes) / preset.memoryInGigabytes
    }

    package func plan() -> ExperimentPlan {
        let target = spacing ?? targetSpacing
        let coarsest = target.firstIndex(of: target.max() ?? 0) ?? 0
        let transpose = [coarsest] + (0..<3).filter { $0 != coarsest }
        let median = fingerprint.medianShape(atSpacing: target)
        let (spacing, shape) = (transpose.map { target[$0] }, transpose.map { median[$0] })
        let voxels = shape.reduce(1, *)
        var plan = configuration(
            spacing: spacing, medianShape: shape, dataSetVoxels: voxels * Double(fingerprint.shapes.count))
        plan.transposeForward = transpose
        plan.hasLowResolution = hasLowResolution(plan, voxels)
        return plan
    }

    /// The median; of a coarse axis with few slices the finest tenth, since interpolated slices would mislead.
    private var targetSpacing: [Double] {
        var target = fingerprint.medianSpacing
        let sizes = fingerprint.medianShape
        let coarsest = target.firstIndex(of: target.max() ?? 0) ?? 0
        let others = (0..<3).filter { $0 != coarsest }
        let (coarsestOther, smallestOther) = (
            others.map { target[$0] }.max() ?? 0, others.map { sizes[$0] }.min() ?? 0
        )
        guard target[coarsest] > Self.anisotropy * coarsestOther, sizes[coarsest] * Self.anisotropy < smallestOther
        else { return target }
        let fine = Sample(fingerprint.spacings.map { $0[coarsest] })?.quantile(0.1) ?? 0
        target[coarsest] = fine < coarsestOther ? coarsestOther + 1e-5 : fine
        return target
    }

    // MARK: - One configuration

    private func configuration(spacing: [Double], medianShape: [Double], dataSetVoxels: Double) -> ExperimentPlan {
        // In the aspect of the spacing, of a volume that is certainly too large.
        let densities = spacing.map { 1 / $0 }
        let scale = pow(256 * 256 * 256 / densities.reduce(1, *), 1.0 / 3)
        let initial = (0..<3).map {
            min((densities[$0] * scale).rounded(.toNearestOrEven), medianShape[$0])
        }
        var topology = Topology(spacing: spacing, patch: initial)
        while featureVoxels(topology) > fittingFeatureVoxels {
            // The axis that covers most of the image shrinks, by what the smaller patch must be a multiple of.
            let shares = (0..<3).map { Double(topology.patch[$0]) / medianShape[$0] }
            let axis = (0..<3).max { shares[$0] <= shares[$1] } ?? 0
            var patch = topology.patch.map(Double.init)
            var smaller = patch
            smaller[axis] -= Double(topology.divisors[axis])
            patch[axis] -= Double(Topology(spacing: spacing, patch: smaller).divisors[axis])
            topology = Topology(spacing: spacing, patch: patch)
        }
        let estimate = featureVoxels(topology)
        let fitting = (fittingFeatureVoxels / estimate * Double(Self.smallestBatch)).rounded(.toNearestOrEven)
        let share = (dataSetVoxels * preset.largestShare / topology.patch.map(Double.init).reduce(1, *))
            .rounded(.toNearestOrEven)
        return ExperimentPlan(
            spacingInMillimetres: spacing, medianShape: medianShape, patch: topology.patch,
            batchSize: max(Int(min(fitting, share)), Self.smallestBatch), preset: preset, network: network(topology),
            featureVoxels: Int(estimate))
    }

    /// Features per stage, the full resolution first.
    private func features(_ stages: Int) -> [Int] {
        (0..<stages).map { min(Self.mostFeatures, Self.baseFeatures << min($0, 8)) }
    }

    /// What the encoder's stages repeat.
    private func repeats(_ stages: Int) -> [Int] {
        guard preset.isResidual else { return [Int](repeating: 2, count: stages) }
        return (0..<stages).map { $0 < 3 ? [1, 3, 4][$0] : 6 }
    }

    private var decoderConvolutions: Int { preset.isResidual ? 1 : 2 }

    private func network(_ topology: Topology) -> NetworkConfiguration {
        let stages = topology.strides.count
        let configuration = UNetConfiguration(
            inputChannels: 1, features: features(stages), kernels: topology.kernels, strides: topology.strides,
            classes: classes, repeats: repeats(stages),
            convolutionsPerStageDecoder: [Int](repeating: decoderConvolutions, count: stages - 1))
        return preset.isResidual ? .residualEncoderUNet(configuration) : .plainUNet(configuration)
    }

    /// Voxels of all convolutions' feature maps for a batch of one: what nnU-Net measures memory by.
    private func featureVoxels(_ topology: Topology) -> Double {
        let stages = topology.strides.count
        let (features, repeats) = (features(stages), repeats(stages))
        var (size, maps) = (topology.patch, [Double]())
        for stage in 0..<stages {
            size = (0..<3).map { size[$0] / topology.strides[stage][$0] }
            maps.append(Double(features[stage] * size.reduce(1, *)))
        }
        let full = topology.patch.map(Double.init).reduce(1, *)
        var sum = Double(classes) * full + (preset.isResidual ? Double(features[0]) * full : 0)
        for stage in 0..<stages {
            sum += maps[stage] * Double(preset.isResidual ? 2 * repeats[stage] : repeats[stage])
            // A block that changes the size or the channels has a convolution beside it.
            if preset.isResidual, stage > 0 { sum += maps[stage] }
            // Upsampled, then convolved.
            if stage < stages - 1 { sum += maps[stage] * Double(1 + decoderConvolutions) }
        }
        return sum
    }

    // MARK: - Whether a coarser network would be planned too

    private func hasLowResolution(_ full: ExperimentPlan, _ medianVoxels: Double) -> Bool {
        var spacing = full.spacingInMillimetres
        var (patchVoxels, voxels) = (full.patch.map(Double.init).reduce(1, *), medianVoxels)
        while patchVoxels / voxels < Self.lowResolutionShare {
            let coarsest = spacing.max() ?? 1
            let isFine = spacing.map { coarsest / $0 > 2 }
            for axis in 0..<3 where isFine[axis] || !isFine.contains(true) { spacing[axis] *= 1.03 }
            let shape = (0..<3).map { full.spacingInMillimetres[$0] / spacing[$0] * full.medianShape[$0] }
            voxels = shape.reduce(1, *)
            let plan = configuration(
                spacing: spacing, medianShape: shape.map { $0.rounded(.toNearestOrEven) },
                dataSetVoxels: voxels * Double(fingerprint.shapes.count))
            patchVoxels = plan.patch.map(Double.init).reduce(1, *)
        }
        return medianVoxels != voxels && medianVoxels / voxels >= 2
    }
}
