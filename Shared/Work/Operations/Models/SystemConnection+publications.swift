import Foundation
package import ModelExchange
import Studies

extension SystemConnection {
    /// What versions here were made of, of one model of the catalogue of public models, newest first.
    package func publications(of model: String) async throws -> [ModelSource.Publication] {
        struct Recipe: Decodable { let source: ModelSource? }
        return try await catalog.modelVersions().compactMap { version in
            try? JSONDecoder().decode(Recipe.self, from: Data(version.recipeJSON.utf8)).source?.publication
        }.filter { $0.model == model }
    }
}
