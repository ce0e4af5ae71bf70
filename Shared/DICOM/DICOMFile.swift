import CDICOM
import Foundation

/// One DICOM file: its attributes and the pixels of its frame. The only file that imports the C module.
///
/// Owned by one thread at a time. All calls block.
final class DICOMFile {
    /// How the pixels lie in the file, as its attributes say.
    struct PixelLayout: Sendable, Hashable {
        var rows: Int
        var columns: Int
        var frames: Int
        var hasPixelData: Bool
    }

    private let handle: OpaquePointer
    private let path: String

    /// Parses the file; the pixels stay on disk until `decodedValues()`.
    ///
    /// - Throws: `DICOMError`: `fileNotReadable`, `notDICOM`, `truncated`, `corrupt`, `memoryExhausted`.
    init(path: String) throws(DICOMError) {
        var failure = cdicom_failure()
        guard let handle = cdicom_open(path, &failure) else { throw DICOMError(failure, path: path) }
        self.handle = handle
        self.path = path
    }

    deinit { cdicom_close(handle) }

    /// The libraries in use and their versions, for reports.
    static var libraryVersions: String {
        "DCMTK \(String(cString: cdicom_dcmtk_version())), OpenJPEG \(String(cString: cdicom_openjpeg_version()))"
    }

    var transferSyntax: String { String(cString: cdicom_transfer_syntax(handle)) }

    var pixelLayout: PixelLayout {
        let layout = cdicom_pixel_layout(handle)
        return PixelLayout(
            rows: Int(layout.rows), columns: Int(layout.columns), frames: Int(layout.frames), hasPixelData: layout.has_pixel_data != 0)
    }

    /// All values with backslashes between, without the padding; nil where absent or empty.
    func text(_ tag: DICOMTag) -> String? {
        var capacity = 128
        while true {
            var bytes = [CChar](repeating: 0, count: capacity)
            let length = Int(cdicom_text(handle, tag.group, tag.element, &bytes, capacity))
            guard length > 0 else { return nil }
            guard length < capacity else {
                capacity = length + 1
                continue
            }
            let text = String(decoding: bytes.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
                .trimmingCharacters(in: .whitespaces.union(.controlCharacters))
            return text.isEmpty ? nil : text
        }
    }

    /// Values of a text attribute; empty where absent.
    func texts(_ tag: DICOMTag) -> [String] {
        text(tag)?.split(separator: "\\").map { $0.trimmingCharacters(in: .whitespaces) } ?? []
    }

    /// Nil where absent, not numeric or not finite.
    func numbers(_ tag: DICOMTag) -> [Double]? {
        var values = [Double](repeating: 0, count: 16)
        let count = cdicom_numbers(handle, tag.group, tag.element, &values, values.count)
        guard count > 0, values.allSatisfy(\.isFinite) else { return nil }
        return Array(values.prefix(Int(count)))
    }

    /// Decodes the only frame into `values`, row by row: stored values, not rescaled. `values` holds rows × columns.
    ///
    /// - Throws: `DICOMError`: `missingPixelData`, `wrongPixelLength`, `truncated`, `corrupt`, `unsupportedEncoding`, `tooLarge`.
    func decode(into values: UnsafeMutableBufferPointer<Int32>) throws(DICOMError) {
        var failure = cdicom_failure()
        guard cdicom_decode(handle, values.baseAddress, values.count, &failure) != 0 else {
            throw DICOMError(failure, path: path)
        }
    }

    /// How the pixels of a written file are stored.
    enum Encoding: Sendable {
        case explicit, implicit, runLength, losslessJPEG
    }

    /// Writes an object of one frame of 16-bit pixels; the attributes must describe them.
    static func write(
        _ attributes: [(tag: DICOMTag, text: String)], pixels: [UInt16], encoding: Encoding, to path: String
    ) throws(DICOMError) {
        let entries = attributes.map { cdicom_attribute(group: $0.tag.group, element: $0.tag.element, text: strdup($0.text)) }
        defer { entries.forEach { free(UnsafeMutablePointer(mutating: $0.text)) } }
        let encoding =
            switch encoding {
            case .explicit: CDICOM_EXPLICIT
            case .implicit: CDICOM_IMPLICIT
            case .runLength: CDICOM_RLE
            case .losslessJPEG: CDICOM_JPEG_LOSSLESS
            }
        var failure = cdicom_failure()
        guard cdicom_write(path, entries, entries.count, pixels, pixels.count, encoding, &failure) != 0 else {
            throw DICOMError(failure, path: path)
        }
    }
}

extension DICOMError {
    fileprivate init(_ failure: cdicom_failure, path: String) {
        let text = withUnsafeBytes(of: failure.text) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        let fact = text.prefix(1).lowercased() + text.dropFirst()
        switch failure.status {
        case CDICOM_UNREADABLE: self.init(.fileNotReadable, "file cannot be read: \(fact)", path: path)
        case CDICOM_NOT_DICOM: self.init(.notDICOM, "file is not a DICOM object: \(fact)", path: path)
        case CDICOM_TRUNCATED: self.init(.truncated, "DICOM file is truncated: \(fact); send the study again", path: path)
        case CDICOM_CORRUPT: self.init(.corrupt, "DICOM file is damaged: \(fact); send the study again", path: path)
        case CDICOM_UNSUPPORTED: self.init(.unsupportedEncoding, "DICOM pixels cannot be decoded: \(fact)", path: path)
        case CDICOM_NO_PIXELS: self.init(.missingPixelData, "DICOM image has no pixels: \(fact)", path: path)
        case CDICOM_PIXEL_LENGTH: self.init(.wrongPixelLength, "DICOM pixel data has the wrong length: \(fact)", path: path)
        case CDICOM_TOO_LARGE: self.init(.tooLarge, "DICOM image is too large: \(fact)", path: path)
        case CDICOM_MEMORY: self.init(.memoryExhausted, "memory ran out while reading a DICOM file", path: path)
        case CDICOM_UNWRITABLE: self.init(.fileNotWritable, "DICOM file cannot be written: \(fact)", path: path)
        default: self.init(.internalFailure, "DICOM library failed: \(fact)", path: path)
        }
    }
}
