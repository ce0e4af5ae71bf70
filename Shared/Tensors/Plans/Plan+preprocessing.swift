package import Foundation
import TensorCore
import Volumes

extension Plan {
    /// The decisions that preparing a case for training depends on, as canonical JSON: cases made network-ready under
    /// equal signatures may be trained on together.
    ///
    /// - Parameter source: what it is cropped around. A case that models are validated on has another signature than one
    ///   that they learn from where the plan crops cases, so that neither is taken for the other after it was moved.
    package func preprocessingSignature(cropTo source: TrainingCrop.Source = .image) throws -> String {
        try signature(of: trainingCrop, source)
    }

    /// The same of an image that is to be segmented, which is whole. A case that was cropped for training has another,
    /// so that nothing takes it for its image.
    package func inferenceSignature() throws -> String { try signature(of: .none) }

    private func signature(of crop: TrainingCrop, _ source: TrainingCrop.Source = .image) throws -> String {
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
            /// Absent unless the case was cropped around its labels.
            let cropsToLabel: Bool?
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let decisions = Decisions(
            labelSet: labelSet, orientation: orientation, spacingInMillimetres: spacingInMillimetres,
            keepsSpacing: keepsSpacing ? true : nil, interpolation: interpolation,
            resampling: resampling == .monai ? nil : resampling, intensities: intensities,
            trainingCrop: crop == .none ? nil : crop, patch: crop == .none ? nil : patch,
            cropsToLabel: crop != .none && source == .label ? true : nil)
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
