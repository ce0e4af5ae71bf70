package import Foundation
package import Plans

/// A model from elsewhere, as Columna runs it.
package struct ImportedModel: Sendable {
    package let model: Model
    package let source: ModelSource

    /// The bytes of its model file. Deterministic.
    package func data() throws -> Data { try ModelFile.data(model, metadata: [ModelSource.metadataKey: source.json()]) }
}
