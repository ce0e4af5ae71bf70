import Faults
import Files
package import Foundation

/// The model that comes with the programs, for whoever names none: `Models/starter.safetensors`, its card beside it.
package enum StarterModel {
    package static let name = "starter"

    private static let shipped = ShippedFolder(
        name: "Models", variable: "COLUMNA_MODELS", landmark: "\(name).safetensors")

    /// What whoever did not choose it should know.
    package static let remark =
        "No model was named: the starter model is taken, which has learned from made scenes and is for a first look (docs/starter-model.md; `columna models get` lists others)."

    /// - Throws: `PublicModelError` (`missingFile`) where the programs were installed without it.
    package static func file(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws -> URL {
        guard let folder = shipped.location(environment) else {
            let place = environment[shipped.variable].map { _ in "\(shipped.variable) names a folder without it" }
            throw PublicModelError(
                .missingFile,
                "the model \(name), which is taken where none is named, is not there (\(place ?? "no folder \(shipped.name) beside the program")): name a model, or set \(shipped.variable) to the folder that holds \(shipped.landmark)"
            )
        }
        return folder.appending(path: shipped.landmark)
    }
}
