import Faults
import Foundation

/// A recipe by name, as a file within the program.
package enum RecipePreset: String, Sendable, CaseIterable {
    case segResNetMONAI = "segresnet-monai"
    case segResNetStrong = "segresnet-strong"
    case nnUNet3DFullRes = "nnunet-3d-fullres"

    /// The file, with its comments, for whoever wants to begin with it.
    package var yaml: String { String(decoding: bytes, as: UTF8.self) }

    /// - Throws: `LearningError.invalidRecipe`.
    package func recipe() throws -> Recipe { try Recipe(yaml: Data(bytes)) }

    private var bytes: [UInt8] {
        switch self {
        case .segResNetMONAI: PackageResources.segresnet_monai_yaml
        case .segResNetStrong: PackageResources.segresnet_strong_yaml
        case .nnUNet3DFullRes: PackageResources.nnunet_3d_fullres_yaml
        }
    }
}
