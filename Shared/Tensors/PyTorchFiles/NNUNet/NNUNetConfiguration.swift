import Faults
import Foundation
package import Networks

/// One configuration of nnU-Net's plans, `3d_fullres` for instance. Axes are the network's: depth, height, width after
/// `transpose_forward`.
package struct NNUNetConfiguration {
    package let name: String
    package let patch: [Int]
    package let spacingInMillimetres: [Double]
    package let normalization: String
    package let resampling: NNUNetResampling
    private let values: [String: Any]

    private static let preprocessor = "DefaultPreprocessor"

    init(name: String, values: [String: Any]) throws {
        self.name = name
        self.values = values
        guard let patch = values["patch_size"] as? [Int], let spacing = values["spacing"] as? [Double] else {
            throw PyTorchFileError(
                .malformedSettings, "plans.json: the configuration \(name) needs patch_size and spacing")
        }
        guard patch.count == 3, spacing.count == 3 else {
            throw PyTorchFileError(
                .unsupported, "the configuration \(name) is for images of \(patch.count) dimensions, expected 3")
        }
        self.patch = patch
        spacingInMillimetres = spacing
        let schemes = values["normalization_schemes"] as? [String] ?? []
        guard schemes.count == 1 else {
            throw PyTorchFileError(
                .unsupported,
                "the configuration \(name) is for \(schemes.count) channels (\(schemes.joined(separator: ", "))), expected one of CT"
            )
        }
        normalization = schemes[0]
        resampling = try NNUNetResampling(values, configuration: name)
        if let preprocessor = values["preprocessor_name"] as? String, preprocessor != Self.preprocessor {
            throw PyTorchFileError(
                .unsupported,
                "the configuration \(name) prepares images by \(preprocessor.prefix(60)), a program of its own that Columna does not run, expected \(Self.preprocessor)"
            )
        }
        if let previous = values["previous_stage"] as? String {
            throw PyTorchFileError(
                .unsupported,
                "the configuration \(name) is the second stage of a cascade (after \(previous)), which Columna does not run; import 3d_fullres"
            )
        }
    }

    /// The network that nnU-Net builds for this configuration, from plans in today's form or in that before 2.4.
    /// - Throws: `malformedSettings`, or `unsupported` naming what the network has that Columna's has not.
    package func network(inputChannels: Int, classes: Int) throws -> NetworkConfiguration {
        let architecture = try NNUNetArchitecture(values, configuration: name)
        let choices = UNetConfiguration(
            inputChannels: inputChannels, features: architecture.features, kernels: architecture.kernels,
            strides: architecture.strides, classes: classes, repeats: architecture.repeats,
            convolutionsPerStageDecoder: architecture.decoder)
        let network: NetworkConfiguration =
            architecture.isResidual ? .residualEncoderUNet(choices) : .plainUNet(choices)
        do {
            try network.validate()
        } catch {
            throw PyTorchFileError(.malformedSettings, "plans.json: the network of the configuration \(name): \(error)")
        }
        return network
    }
}
