import Faults
package import Foundation
package import Networks
package import Plans
package import PyTorchFiles
import Volumes

/// Gives models to other programs.
package struct ModelExport: Sendable {
    package enum Format: String, Sendable, CaseIterable {
        /// The weights under PyTorch's names and the plan in the metadata.
        case safetensors
        /// A state dict for MONAI: `torch.load(…, weights_only=True)`.
        case monai
        /// A trained model for nnU-Net: plans.json, dataset.json, fold_0/checkpoint_final.pth.
        case nnUNet = "nnunet"
    }

    package let plan: Plan
    private let parameters: Parameters
    private let otherFolds: [Parameters]
    private let source: ModelSource?
    private let name: String

    /// - Parameters:
    ///   - source: where the model came from, if from elsewhere: its labels' names are used again.
    ///   - name: the model's, for nnU-Net's data set.
    ///   - otherFolds: of an ensemble, its networks after the first.
    package init(
        plan: Plan, parameters: Parameters, source: ModelSource?, name: String, otherFolds: [Parameters] = []
    ) {
        self.plan = plan
        self.parameters = parameters
        self.otherFolds = otherFolds
        self.source = source
        self.name = name
    }

    /// MONAI's `.pt`. The plan has no place in it.
    /// - Throws: `unsupported` if it is no SegResNet.
    package func monai() throws -> Data {
        guard otherFolds.isEmpty else {
            throw ModelExchangeError(
                .unsupported,
                "MONAI's file is for one network, the model is an ensemble of \(otherFolds.count + 1): export its members"
            )
        }
        guard let network = plan.network.segResNet else {
            throw ModelExchangeError(
                .unsupported,
                "MONAI's file is for a SegResNet, the model is a \(plan.network.architecture.rawValue): export it with --format nnunet"
            )
        }
        guard network.activation == .parametricReLU else { return try PyTorchFile.serialized(parameters.named) }
        // A strict loader wants the head's slope under both of its names.
        let slope = (name: "conv_final.1.weight", tensor: parameters[SegResNet.headActivation + ".weight"])
        return try PyTorchFile.serialized(parameters.named + [slope])
    }

    /// nnU-Net's model and what whoever runs it must know.
    /// - Throws: `unsupported` for networks, intensities and label counts nnU-Net has no word for.
    package func nnUNet() throws -> (export: NNUNetExport, remarks: [String]) {
        var export = try NNUNetExport(of: plan, parameters: parameters, source: source, name: name)
        export.otherFolds = otherFolds
        return (export, remarks(NNUNetAxes(plan.orientation)))
    }

    private func remarks(_ axes: NNUNetAxes) -> [String] {
        var remarks: [String] = []
        if let stored = axes.storedOrientation {
            remarks.append("nnU-Net reads images as they are stored: give it images stored as \(stored).")
        }
        if plan.slidingWindow.convention != .nnUNet {
            remarks.append("nnU-Net places windows by its own rules, the plan by MONAI's: labels can differ a little.")
        }
        if let source, source.format == .nnUNet, source.resamplingOrder == nil {
            remarks.append(
                "How images were resampled when the model was trained is not known (nnU-Net's own is 3, cubic): its plans now say order \(plan.interpolation.degree), as the "
                    + "plan does; import the model again to keep what it was trained with.")
        }
        if plan.resampling != .nnUNet {
            remarks.append(
                "nnU-Net resamples images to a grid of its own rules, the plan by those of \(plan.resampling.rawValue): labels can differ by a voxel at borders."
            )
        }
        if !plan.mapsIntensitiesFirst {
            remarks.append("nnU-Net clips intensities before it resamples, the plan after: labels can differ a little.")
        }
        return remarks
    }
}
