import Foundation
package import JobEngine

/// The versions whose networks a model has: stands in its file's metadata, so that whoever runs it knows whose labels
/// they are.
package struct ModelEnsemble: Sendable, Codable, Equatable {
    package struct Member: Sendable, Codable, Equatable {
        package var model: ModelReference
        package var weights: ArtifactReference

        package init(model: ModelReference, weights: ArtifactReference) {
            self.model = model
            self.weights = weights
        }
    }

    package static let metadataKey = "ensemble"

    package var members: [Member]

    package init(_ members: [Member]) { self.members = members }
}

extension ModelVersion {
    /// Nil: it is of one network, or of whom it is cannot be read.
    package var ensemble: ModelEnsemble? {
        struct Recipe: Decodable { let ensemble: ModelEnsemble? }
        return try? JSONDecoder().decode(Recipe.self, from: Data(recipeJSON.utf8)).ensemble
    }
}
