package import Foundation
import TensorCore
import Volumes

extension Plan {
    /// The decisions that preprocessing depends on, as canonical JSON: cases made network-ready under equal signatures
    /// may be trained on together.
    package func preprocessingSignature() throws -> String {
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
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let decisions = Decisions(
            labelSet: labelSet, orientation: orientation, spacingInMillimetres: spacingInMillimetres,
            keepsSpacing: keepsSpacing ? true : nil, interpolation: interpolation,
            resampling: resampling == .monai ? nil : resampling, intensities: intensities)
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
