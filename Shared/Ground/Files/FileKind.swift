/// What a file is by its first bytes, whatever its name says: so that an error can name what came where something else
/// was expected, instead of what the bytes lack. A reader is chosen by it only where files of several kinds are taken
/// (`NIfTI.isNIfTI`).
package enum FileKind: String, Sendable, CaseIterable {
    case empty, zeros
    // What lies in a folder in place of a file.
    case gitLFSPointer, gitAnnexPointer
    // Text.
    case html, xml, json, text
    // Packed.
    case gzip, bzip2, xz, zstandard, zip, sevenZip, tar
    // Images.
    case nifti, analyze, nrrd, metaImage, dicom, png, jpeg, tiff, pdf
    // Arrays and models.
    case hdf5, numpy, safetensors, pickle

    /// How many of the first bytes are enough.
    package static let byteCount = 512

    /// - Parameter start: the first `byteCount` bytes, or all where there are fewer. Nil: none of these.
    package init?(_ start: [UInt8]) {
        guard let kind = Self.binary(start) ?? Self.textual(start) else { return nil }
        self = kind
    }

    /// The kind with its article, such as "a web page (HTML)".
    package var name: String {
        switch self {
        case .empty: "an empty file"
        case .zeros: "a file of zeros"
        case .gitLFSPointer: "a pointer of Git LFS"
        case .gitAnnexPointer: "a pointer of git-annex"
        case .html: "a web page (HTML)"
        case .xml: "XML"
        case .json: "JSON"
        case .text: "text"
        case .gzip: "gzip"
        case .bzip2: "bzip2"
        case .xz: "xz"
        case .zstandard: "Zstandard"
        case .zip: "a zip archive"
        case .sevenZip: "a 7-Zip archive"
        case .tar: "a tar archive"
        case .nifti: "NIfTI"
        case .analyze: "ANALYZE 7.5"
        case .nrrd: "NRRD"
        case .metaImage: "MetaImage"
        case .dicom: "DICOM"
        case .png: "PNG"
        case .jpeg: "JPEG"
        case .tiff: "TIFF"
        case .pdf: "PDF"
        case .hdf5: "HDF5"
        case .numpy: "an array of NumPy"
        case .safetensors: "safetensors"
        case .pickle: "a Python pickle"
        }
    }

    /// What to do about it, where that is clear from the kind alone.
    package var advice: String? {
        switch self {
        case .empty, .zeros: "it was not written to its end, or not copied"
        case .gitLFSPointer: "`git lfs pull` fetches the file itself"
        case .gitAnnexPointer: "`git annex get` fetches the file itself"
        case .html, .xml: "what was downloaded is a server's answer, not the file"
        case .analyze: "it does not say which side is left: convert it with the program that wrote it"
        case .gzip, .bzip2, .xz, .zstandard, .zip, .sevenZip, .tar: "unpack it first"
        default: nil
        }
    }
}

extension FileKind {
    /// Whether a symbolic link leads to where git-annex keeps files: data sets are folders of such links, whose files
    /// come when they are asked for.
    package static func isAnnexed(linkTo target: String) -> Bool { target.contains(".git/annex/objects/") }
}

extension FileKind: CustomStringConvertible {
    /// `a pointer of Git LFS (`git lfs pull` fetches the file itself)`: goes on "this is no NIfTI file but …".
    package var description: String { advice.map { "\(name) (\($0))" } ?? name }
}
