package import Cryptography
package import Foundation

/// A model that somebody published: where its files are, under which licence, and how it is run. One entry of
/// `Catalog/public-models.json`.
package struct PublicModel: Sendable, Decodable {
    /// Something to download.
    package struct File: Sendable, Decodable {
        package let url: URL
        /// About how large it is.
        package let megabytes: Int
        /// As the publisher states it, in hexadecimal; nil: nobody does, so that it is recorded at the first download.
        package let hash: Hash?

        package var name: String { url.lastPathComponent }
        /// A file that is larger is not the one that is meant.
        package var largestByteCount: Int { megabytes * 4_000_000 }
    }

    package struct Hash: Sendable, Decodable {
        package let algorithm: DigestAlgorithm
        package let hexadecimal: String
    }

    package struct Licence: Sendable, Decodable {
        package let name: String
        package let text: URL
        /// What whoever accepts it should know.
        package let notice: String
    }

    /// How good it is, and who says so.
    package struct Quality: Sendable, Decodable {
        package let statement: String
        package let source: String
    }

    /// How its files are read.
    package enum Importer: String, Sendable, Decodable {
        /// A checkpoint of MONAI's SegResNet under the catalogue's plan.
        case monai
        /// The same, or the whole bundle, a folder or zip archive, whose configuration is then the plan.
        case monaiBundle
        /// An exported zip, or the folder in it, of nnU-Net, run as TotalSegmentator does.
        case totalSegmentator
    }

    package let name: String
    package let title: String
    package let files: [File]
    package let licence: Licence
    package let importer: Importer
    package let spacingInMillimetres: Double
    package let quality: Quality
    /// The names of the network's outputs, `background` first.
    package let labels: [String]
    /// As `ModelImport.settings`.
    package let settings: [String: String]?
    /// The plan that files without one are run by, as JSON.
    package internal(set) var plan: Data?

    private enum CodingKeys: String, CodingKey {
        case name, title, files, licence, importer, spacingInMillimetres, quality, labels, settings
    }

    package var megabytes: Int { files.reduce(0) { $0 + $1.megabytes } }
}
