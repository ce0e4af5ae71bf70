import CDICOM
import DICOMDictionary
import Faults
import Files
import Foundation

/// One DICOM file's attributes. The only source file that imports the C module.
///
/// Owned by one thread at a time. All calls block.
final class DICOMFile {
    private let handle: OpaquePointer

    /// Walks through the file and parses the attributes that can be asked for; the pixels stay on disk.
    ///
    /// - Throws: `DICOMError`: `fileNotReadable`, `notDICOM`, `truncated`, `corrupt`, `tooLarge`, `memoryExhausted`.
    init(path: String) throws(DICOMError) {
        var failure = cdcmtk_failure()
        guard let handle = cdicom_open(path, &failure) else { throw DICOMError(failure, path: path) }
        self.handle = handle
    }

    private init(handle: OpaquePointer) { self.handle = handle }

    /// What a damaged file says before its damage; nil where that is nothing.
    static func beforeDamage(path: String) -> DICOMFile? { cdicom_open_damaged(path).map(DICOMFile.init(handle:)) }

    deinit { cdicom_close(handle) }

    /// The libraries in use and their versions, for reports.
    static var libraryVersions: String {
        "DCMTK \(String(cString: cdicom_dcmtk_version())), OpenJPEG \(String(cString: cdicom_openjpeg_version()))"
    }

    var pixelLayout: PixelLayout { PixelLayout(cdicom_pixel_layout(handle)) }

    /// All values with backslashes between, without the padding; nil where absent or empty.
    func text(_ tag: AttributeTag) -> String? {
        text { cdicom_text(handle, tag.group, tag.element, $0, $1) }
    }

    /// SOP Class UID, the meta header's where the dataset has lost its own.
    var sopClass: String? { text(.sopClass) ?? text(.mediaStorageSOPClass) }

    /// SOP Instance UID, the meta header's where the dataset has lost its own.
    var sopInstance: String? { text(.sopInstance) ?? text(.mediaStorageSOPInstance) }

    /// Values of a text attribute; empty where absent.
    func texts(_ tag: AttributeTag) -> [String] { text(tag).map(DICOMFile.values) ?? [] }

    /// What an attribute of numbers holds.
    enum Numbers: Sendable, Hashable {
        case absent
        case empty
        /// Something else, wholly or in part; the value where it consists of what numbers are written with.
        case unreadable(String?)
        case values([Double])
    }

    func numbers(_ tag: AttributeTag) -> Numbers {
        numbers({ cdicom_numbers(handle, tag.group, tag.element, $0, $1) }, text: { text(tag) })
    }

    /// The first number of an attribute that nothing rests on; nil unless the whole attribute can be read.
    func firstNumber(_ tag: AttributeTag) -> Double? {
        guard case .values(let values) = numbers(tag) else { return nil }
        return values.first
    }

    /// Of one frame (from 0) of a multi-frame object, in its functional group `macro`.
    func text(_ tag: AttributeTag, frame: Int, macro: AttributeTag) -> String? {
        text { cdicom_frame_text(handle, Int32(frame), macro.code, tag.group, tag.element, $0, $1) }
    }

    func texts(_ tag: AttributeTag, frame: Int, macro: AttributeTag) -> [String] {
        text(tag, frame: frame, macro: macro).map(DICOMFile.values) ?? []
    }

    func numbers(_ tag: AttributeTag, frame: Int, macro: AttributeTag) -> Numbers {
        numbers(
            { cdicom_frame_numbers(handle, Int32(frame), macro.code, tag.group, tag.element, $0, $1) },
            text: { text(tag, frame: frame, macro: macro) })
    }

    /// The files a DICOMDIR refers to: the parts of their paths below its folder, in bytes.
    var references: [[[UInt8]]] {
        let space = UInt8(ascii: " ")
        return (0..<cdicom_reference_count(handle)).compactMap { index in
            bytes { cdicom_reference(handle, index, $0, $1) }?.split(separator: UInt8(ascii: "\\")).map { part in
                Array(part.drop { $0 == space }.reversed().drop { $0 == space }.reversed())
            }
        }
    }

    private static func values(_ text: String) -> [String] {
        text.split(separator: "\\").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private func text(_ read: (UnsafeMutablePointer<CChar>?, Int) -> Int64) -> String? {
        guard let bytes = bytes(read) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespaces.union(.controlCharacters))
        return text.isEmpty ? nil : text
    }

    private func bytes(_ read: (UnsafeMutablePointer<CChar>?, Int) -> Int64) -> [UInt8]? {
        var capacity = 128
        while true {
            var bytes = [CChar](repeating: 0, count: capacity)
            let length = Int(read(&bytes, capacity))
            guard length > 0 else { return nil }
            guard length < capacity else {
                capacity = length + 1
                continue
            }
            return bytes.prefix(length).map(UInt8.init(bitPattern:))
        }
    }

    private func numbers(_ read: (UnsafeMutablePointer<Double>?, Int) -> Int32, text: () -> String?) -> Numbers {
        var values = [Double](repeating: 0, count: 16)
        switch read(&values, values.count) {
        case CDICOM_ABSENT: return .absent
        case CDICOM_EMPTY: return .empty
        case CDICOM_NO_NUMBERS: return .unreadable(text().flatMap(DICOMFile.shown))
        case let count: return .values(Array(values.prefix(Int(count))))
        }
    }

    /// A value that may stand in a message: one that could name somebody has letters.
    private static func shown(_ text: String) -> String? {
        text.utf8.count <= 64 && text.allSatisfy { $0.isASCII && ($0.isNumber || "+-.,eEdD\\ ".contains($0)) }
            ? text : nil
    }

    /// How the pixels of a written file are stored.
    enum Encoding: Sendable {
        case explicit, implicit, runLength, losslessJPEG
    }

    /// Writes an object of one frame of 16-bit pixels; the attributes must describe them.
    static func write(
        _ attributes: [(tag: AttributeTag, text: String)], pixels: [UInt16], encoding: Encoding, to path: String
    ) throws(DICOMError) {
        let entries = attributes.map {
            cdicom_attribute(group: $0.tag.group, element: $0.tag.element, text: strdup($0.text))
        }
        defer { entries.forEach { free(UnsafeMutablePointer(mutating: $0.text)) } }
        let encoding =
            switch encoding {
            case .explicit: CDICOM_EXPLICIT
            case .implicit: CDICOM_IMPLICIT
            case .runLength: CDICOM_RLE
            case .losslessJPEG: CDICOM_JPEG_LOSSLESS
            }
        var failure = cdcmtk_failure()
        guard cdicom_write(path, entries, entries.count, pixels, pixels.count, encoding, &failure) != 0 else {
            throw DICOMError(failure, path: path)
        }
    }
}

/// How the pixels lie in a file, as its attributes say, and where. Outlives the file it came from.
struct PixelLayout: Sendable {
    fileprivate let raw: cdicom_layout

    fileprivate init(_ raw: cdicom_layout) { self.raw = raw }

    var rows: Int { Int(raw.rows) }
    var columns: Int { Int(raw.columns) }
    var frames: Int { Int(raw.frames) }
    var samplesPerPixel: Int { Int(raw.samples_per_pixel) }
    var isSigned: Bool { raw.is_signed != 0 }
    var hasPixelData: Bool { raw.has_pixel_data != 0 }
    /// The first attribute that describes pixels and says nothing, or no whole number.
    var unreadable: AttributeTag? {
        raw.unreadable == 0 ? nil : AttributeTag(code: raw.unreadable)
    }
    /// Frames that a file of this size can hold: each costs some hundred bytes for where it lies, besides its pixels.
    var mostFrames: Int { 1000 + Int(clamping: raw.size / 100) }
    /// Pixels that memory is given for on the header's word: those of a usual slice; beyond, one must have cost a
    /// thousandth of a byte.
    var mostPixels: Int { max(2048 * 2048, Int(clamping: raw.size).multipliedReportingOverflow(by: 1024).partialValue) }
    /// A look-up table in place of slope and intercept.
    var hasModalityTable: Bool { raw.has_modality_table != 0 }

    /// Unique identifier; what the file states, or what it was found to be where it states nothing.
    var transferSyntax: String {
        withUnsafeBytes(of: raw.transfer_syntax) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

/// From stored values to results.
struct Rescale: Sendable, Hashable {
    var slope = 1.0
    var intercept = 0.0
    /// Stored values that are no measurements, and what they become.
    var padding: Padding?

    struct Padding: Sendable, Hashable {
        var stored: ClosedRange<Int32>
        var result: Double
    }

    /// Whether whole stored values become whole results.
    var isWhole: Bool {
        [slope, intercept].allSatisfy { $0 == $0.rounded() } && abs(slope) <= 16384 && abs(intercept) <= 1e6
    }

    fileprivate var raw: cdicom_rescale {
        cdicom_rescale(
            slope: slope, intercept: intercept, has_padding: padding == nil ? 0 : 1,
            padding_low: padding?.stored.lowerBound ?? 0,
            padding_high: padding?.stored.upperBound ?? 0, padding_value: padding?.result ?? 0)
    }
}

/// The pixels of a file, frame by frame.
///
/// `@unchecked Sendable`: the C handle is constant after it is opened and may be read by several threads at once
/// (CDICOM.h).
final class PixelFrames: @unchecked Sendable {
    private let handle: OpaquePointer
    private let path: String

    /// - Throws: `DICOMError`: `fileNotReadable`, `fileChanged`, `missingPixelData`, `wrongPixelLength`, `truncated`,
    ///   `corrupt`, `unsupportedEncoding`, `tooLarge`.
    init(path: String, layout: PixelLayout) throws(DICOMError) {
        var failure = cdcmtk_failure()
        let promisesCodestream = TransferSyntax(uid: layout.transferSyntax)?.isEncapsulated ?? false
        let handle = withUnsafePointer(to: layout.raw) {
            cdicom_frames_open(path, $0, promisesCodestream ? 1 : 0, &failure)
        }
        guard let handle else { throw DICOMError(failure, path: path) }
        self.handle = handle
        self.path = path
    }

    deinit { cdicom_frames_close(handle) }

    /// Decodes frame `index` (from 0), row by row, into rows × columns values; false where one of them does not fit 16
    /// bits. `rescale` must be whole.
    func decode(_ index: Int, _ rescale: Rescale, into values: UnsafeMutableBufferPointer<Int16>) throws(DICOMError)
        -> Bool
    {
        var failure = cdcmtk_failure()
        var fits: Int32 = 0
        let isDecoded = withUnsafePointer(to: rescale.raw) {
            cdicom_decode_int16(handle, Int32(index), $0, values.baseAddress, values.count, &fits, &failure)
        }
        guard isDecoded != 0 else { throw DICOMError(failure, path: path) }
        return fits != 0
    }

    func decode(_ index: Int, _ rescale: Rescale, into values: UnsafeMutableBufferPointer<Float>) throws(DICOMError) {
        var failure = cdcmtk_failure()
        let isDecoded = withUnsafePointer(to: rescale.raw) {
            cdicom_decode_float(handle, Int32(index), $0, values.baseAddress, values.count, &failure)
        }
        guard isDecoded != 0 else { throw DICOMError(failure, path: path) }
    }
}

extension DICOMError {
    fileprivate init(_ failure: cdcmtk_failure, path: String) {
        let text = withUnsafeBytes(of: failure.text) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        let fact = text.prefix(1).lowercased() + text.dropFirst()
        switch failure.status {
        case CDCMTK_UNREADABLE:
            let isRefused = failure.reason == 0 || SystemFailure("read a file", Int32(failure.reason)).isRefusal
            self.init(isRefused ? .fileNotReadable : .readFailed, "file cannot be read: \(fact)", path: path)
        case CDCMTK_NOT_DICOM:
            self.init(
                .notDICOM, "file is not a DICOM object" + (FileKind(path: path).map { " but \($0)" } ?? ": \(fact)"),
                path: path)
        case CDCMTK_TRUNCATED:
            self.init(.truncated, "DICOM file is truncated: \(fact); send the study again", path: path)
        case CDCMTK_CORRUPT: self.init(.corrupt, "DICOM file is damaged: \(fact); send the study again", path: path)
        case CDCMTK_UNSUPPORTED: self.init(.unsupportedEncoding, "DICOM pixels cannot be decoded: \(fact)", path: path)
        case CDCMTK_NO_PIXELS: self.init(.missingPixelData, "DICOM image has no pixels: \(fact)", path: path)
        case CDCMTK_PIXEL_LENGTH:
            self.init(.wrongPixelLength, "DICOM pixel data has the wrong length: \(fact)", path: path)
        case CDCMTK_TOO_LARGE: self.init(.tooLarge, "DICOM file is larger than any CT: \(fact)", path: path)
        case CDCMTK_CHANGED:
            self.init(
                .fileChanged, "DICOM file changed while it was read: \(fact); submit the study when it is complete",
                path: path)
        case CDCMTK_MEMORY: self.init(.memoryExhausted, "memory ran out while reading a DICOM file", path: path)
        case CDCMTK_UNWRITABLE: self.init(.fileNotWritable, "DICOM file cannot be written: \(fact)", path: path)
        default: self.init(.internalFailure, "DICOM library failed: \(fact)", path: path)
        }
    }
}
