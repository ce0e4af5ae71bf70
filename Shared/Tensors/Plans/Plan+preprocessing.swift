package import Foundation
import TensorCore
import Volumes

extension Plan {
    /// The decisions that preparing a case for training depends on, as canonical JSON: cases made network-ready under
    /// equal signatures may be trained on together.
    package func preprocessingSignature() throws -> String { try signature(of: trainingCrop) }

    /// The same of an image that is to be segmented, which is whole. A case that was cropped for training has another,
    /// so that nothing takes it for its image.
    package func inferenceSignature() throws -> String { try signature(of: .none) }

    private func signature(of crop: TrainingCrop) throws -> String {
        struct Decisions: Encodable {
            let labelSet: String
            let orientation: String
            let spacingInMillimetres: [Double]
            /// Absent unless true.
            let keepsSpacing: Bool?
            let interpolation: Interpolation
            /// Absent for MONAI's rules, as in signatures from before there was a choice.
            let resampling: ResamplingConvention?
            let intensities: Intensities
            /// Absent unless there is one, as in signatures from before there was a choice; so is the patch, which the
            /// crop goes by.
            let trainingCrop: TrainingCrop?
            let patch: [Int]?
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let decisions = Decisions(
            labelSet: labelSet, orientation: orientation, spacingInMillimetres: spacingInMillimetres,
            keepsSpacing: keepsSpacing ? true : nil, interpolation: interpolation,
            resampling: resampling == .monai ? nil : resampling, intensities: intensities,
            trainingCrop: crop == .none ? nil : crop, patch: crop == .none ? nil : patch)
        return String(decoding: try encoder.encode(decisions), as: UTF8.self)
    }
}

extension ModelFile {
    /// The plan of a model file, without its weights.
    /// - Throws: `TensorError` if it is not safetensors, `PlanError` if the plan is missing or invalid.
    package static func plan(_ url: URL) throws -> Plan {
        try plan(of: Safetensors.read(url))
    }
}
