package import Foundation
import Plans

/// Where an imported model came from and what differs from how it was run there: kept in the model file and beside the
/// model version.
package struct ModelSource: Sendable, Equatable, Codable {
    package enum Format: String, Sendable, Codable {
        case monai
        case nnUNet = "nnunet"
    }

    package var format: Format
    /// The names of the network's classes, `background` first, where the file has them.
    package var labels: [String]?
    package var dataSet: String?
    package var configuration: String?
    package var trainer: String?
    package var plans: String?
    package var fold: String?
    /// The degree of the splines that images were resampled by when it was trained; nil where nobody said.
    package var resamplingOrder: Int?
    /// Where it was published, of one of the catalogue of public models.
    package var publication: Publication?
    /// Sentences for whoever relies on the model.
    package var remarks: [String]

    package init(_ format: Format, remarks: [String] = []) {
        self.format = format
        self.remarks = remarks
    }

    /// What was brought in, to the byte.
    package struct Publication: Sendable, Equatable, Codable {
        /// In the catalogue of public models.
        package let model: String
        package let licence: String
        /// The SHA-256 of each file by its name, as it was brought in; of a folder there is none.
        package let sha256: [String: String]

        package init(model: String, licence: String, sha256: [String: String]) {
            self.model = model
            self.licence = licence
            self.sha256 = sha256
        }
    }

    /// Its key in a model file's metadata.
    package static let metadataKey = "source"

    /// The same source gives the same bytes.
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// What a model file says; nil for one that was trained here.
    package static func inModelFile(_ data: Data) throws -> ModelSource? {
        guard let text = try ModelFile.metadata(data)[metadataKey] else { return nil }
        return try? JSONDecoder().decode(ModelSource.self, from: Data(text.utf8))
    }
}
