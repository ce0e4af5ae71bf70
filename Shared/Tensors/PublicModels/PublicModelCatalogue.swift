import Faults
package import Foundation

/// The public models that `columna models get` knows.
package struct PublicModelCatalogue: Sendable {
    package let models: [PublicModel]

    package static let json = Data(PackageResources.public_models_json)

    /// Those of this release.
    package static let shared: PublicModelCatalogue = {
        do { return try PublicModelCatalogue(json: json) } catch {
            preconditionFailure("Catalog/public-models.json: \(error)")
        }
    }()

    /// - Throws: `DecodingError`.
    package init(json: Data) throws {
        var models = try JSONDecoder().decode([PublicModel].self, from: json)
        // Plans stay the bytes they are: what one leaves out is for the importer to find.
        let entries = try JSONSerialization.jsonObject(with: json) as? [[String: Any]] ?? []
        for (index, entry) in entries.enumerated() {
            guard let plan = entry["plan"] else { continue }
            models[index].plan = try JSONSerialization.data(withJSONObject: plan, options: [.sortedKeys])
        }
        self.models = models
    }

    /// - Throws: `PublicModelError` (`unknownModel`) naming those there are.
    package func model(named name: String) throws -> PublicModel {
        guard let model = models.first(where: { $0.name == name }) else {
            throw PublicModelError(
                .unknownModel,
                "there is no public model \(name.prefix(64)), expected one of \(models.map(\.name).joined(separator: ", "))"
            )
        }
        return model
    }
}
