import Anatomy
import Faults
import Foundation
package import Networks
package import Planning
package import Plans
package import PyTorchFiles
import Volumes

extension NNUNetExport {
    /// A plan in nnU-Net's words.
    ///
    /// - Parameters:
    ///   - parameters: none: not trained yet.
    ///   - source: where the model came from, if from elsewhere: its labels' names are used again.
    ///   - name: the model's or the data set's, for nnU-Net's data set.
    /// - Throws: `ModelExchangeError.unsupported` for networks and intensities that nnU-Net has no word for.
    package init(of plan: Plan, parameters: Parameters, source: ModelSource? = nil, name: String) throws {
        guard plan.network.uNet != nil else {
            throw ModelExchangeError(
                .unsupported, "nnU-Net has no SegResNet: export the model with --format monai, or as safetensors")
        }
        self.init(
            network: plan.network, parameters: parameters, labels: Self.labels(plan, source),
            spacingInMillimetres: plan.spacingInMillimetres, patch: plan.patch,
            intensities: try Self.intensities(plan))
        let axes = NNUNetAxes(plan.orientation)
        (imageReader, transposeForward) = (axes.imageReader, axes.transposeForward)
        resamplingOrder = source?.resamplingOrder ?? plan.interpolation.degree
        keepsSpacing = plan.keepsSpacing
        mirroringAxes = plan.slidingWindow.mirroring
        datasetName = Self.dataSetName(name, source)
        trainer = source?.trainer ?? (mirroringAxes.isEmpty ? "nnUNetTrainerNoMirroring" : "nnUNetTrainer")
        if let training = plan.training {
            (batchSize, usesBatchDice) = (training.batchSize, training.batchDice)
            if let preset = ExperimentPlanner.Preset.allCases.first(where: { $0.planner.name == training.planner }) {
                (planner, plansName) = preset.planner
            }
        }
        plansName = source?.plans ?? plansName
        configurationName = source?.configuration ?? configurationName
    }

    /// With what the planner knows of the data set.
    ///
    /// - Parameter fingerprint: whose axes are k, j, i of RAS.
    package func describing(_ fingerprint: DataSetFingerprint) throws -> NNUNetExport {
        var export = self
        let intensities = fingerprint.intensities
        let (shape, spacing) = (fingerprint.medianShape, fingerprint.medianSpacing)
        // The network's spacing in the fingerprint's order.
        let target = transposeForward.indices.map { axis in
            spacingInMillimetres[transposeForward.firstIndex(of: axis) ?? axis]
        }
        let atSpacing = fingerprint.medianShape(atSpacing: target)
        export.dataSet = DataSet(
            fingerprint: try fingerprint.json(), caseCount: fingerprint.shapes.count, median: intensities.median,
            minimum: intensities.minimum, maximum: intensities.maximum,
            medianSpacingInMillimetres: transposeForward.map { spacing[$0] },
            medianShape: transposeForward.map { Int(shape[$0].rounded(.toNearestOrEven)) },
            medianShapeAtSpacing: transposeForward.map { atSpacing[$0] })
        return export
    }

    /// nnU-Net's folder of a data set that was planned: `nnUNetv2_train` reads it.
    package static func planned(_ plan: Plan, _ fingerprint: DataSetFingerprint, dataSet name: String) throws
        -> NNUNetExport
    {
        try NNUNetExport(of: plan, parameters: Parameters(named: []), name: name).describing(fingerprint)
    }

    private static func intensities(_ plan: Plan) throws -> NNUNetIntensities {
        switch plan.intensities {
        case .ct(let lower, let upper, let mean, let deviation):
            return NNUNetIntensities(lower: lower, upper: upper, mean: mean, deviation: deviation)
        case .window(let lower, let upper):
            // From lower … upper to −1 … 1 is the same line.
            return NNUNetIntensities(
                lower: lower, upper: upper, mean: (lower + upper) / 2, deviation: (upper - lower) / 2)
        case .monaiLabel, .steps:
            throw ModelExchangeError(
                .unsupported, "nnU-Net has no word for MONAI's intensities, in which the model's plan sees images"
            )
        }
    }

    private static func labels(_ plan: Plan, _ source: ModelSource?) -> [String] {
        if let labels = source?.labels, labels.count == plan.classes { return labels }
        if let set = LabelSet.named(plan.labelSet), plan.classLabels == nil {
            return ["background"] + set.labels.map(\.name)
        }
        return ["background"] + (1..<plan.classes).map { "class_\($0)" }
    }

    /// nnU-Net takes a data set's number from its name.
    private static func dataSetName(_ name: String, _ source: ModelSource?) -> String {
        if let known = source?.dataSet, known.wholeMatch(of: /Dataset[0-9]{3}_[A-Za-z0-9_-]+/) != nil { return known }
        return "Dataset900_" + name.map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
    }
}

extension Interpolation {
    /// Of the spline.
    var degree: Int {
        switch self {
        case .nearest: 0
        case .linear: 1
        case .cubic: 3
        }
    }
}
