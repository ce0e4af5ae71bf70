package import Foundation
package import Plans

/// A model from elsewhere, as Columna runs it.
package struct ImportedModel: Sendable {
    package let model: Model
    /// Nil for one that was trained here.
    package let source: ModelSource?
    /// The model file that was read, where it was one of Columna's.
    private let file: Data?

    init(model: Model, source: ModelSource?, file: Data? = nil) {
        self.model = model
        self.source = source
        self.file = file
    }

    /// The same, with where it was published in its source.
    package func published(_ publication: ModelSource.Publication) -> ImportedModel {
        var source = source
        source?.publication = publication
        return ImportedModel(model: model, source: source)
    }

    /// The bytes of its model file. The same import gives the same bytes.
    package func data() throws -> Data {
        if let file { return file }
        return try ModelFile.data(model, metadata: source.map { [ModelSource.metadataKey: try $0.json()] } ?? [:])
    }
}
