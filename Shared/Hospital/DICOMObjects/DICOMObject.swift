import CDICOMObjects
package import DICOMDictionary
import Faults
import Files
package import Foundation

/// One DICOM object: a tree of attributes that can be read, changed and written. The only file that imports the C
/// module.
///
/// Used, with all its items, by one thread at a time. Calls block.
package final class DICOMObject {
    fileprivate let handle: OpaquePointer

    /// Parses a file. Long values, pixels above all, stay on disk until they are asked for or written.
    ///
    /// - Throws: `unreadable`, `corrupt` (also for a file that ends too early), `unsupported`, `tooLarge` (sequences
    ///   nested deeper than 64, or more than 1 GiB when inflated), `memoryExhausted`.
    package init(file: URL) throws(DICOMObjectError) {
        let path = file.path(percentEncoded: false)
        var failure = cdcmtk_failure()
        guard let handle = cdicomobjects_open(path, &failure) else { throw DICOMObjectError(failure, path: path) }
        self.handle = handle
    }

    /// An object without attributes, to be written in explicit little endian.
    package init() throws(DICOMObjectError) {
        var failure = cdcmtk_failure()
        guard let handle = cdicomobjects_create(&failure) else { throw DICOMObjectError(failure) }
        self.handle = handle
    }

    deinit { cdicomobjects_close(handle) }

    package var dataset: Item { Item(object: self, handle: cdicomobjects_dataset(handle)) }
    /// The meta header the file came with; a new one is written.
    package var meta: Item { Item(object: self, handle: cdicomobjects_meta(handle)) }
    /// Empty for a new object.
    package var transferSyntax: String { String(cString: cdicomobjects_transfer_syntax(handle)) }

    /// Writes a Part 10 file in the transfer syntax the object came in; pixels keep their bytes. Equal objects give
    /// equal bytes, and nothing of the old preamble and meta header remains. A file that cannot be finished is removed.
    ///
    /// - Throws: `unwritable`.
    package func write(to file: URL) throws(DICOMObjectError) {
        let path = file.path(percentEncoded: false)
        var failure = cdcmtk_failure()
        guard cdicomobjects_save(handle, path, &failure) != 0 else {
            try? FileManager.default.removeItem(at: file)
            throw DICOMObjectError(failure, path: path)
        }
    }

    /// A dataset or an item of a sequence. Valid until it is removed from its object, which it keeps alive.
    package struct Item {
        fileprivate let object: DICOMObject
        fileprivate let handle: OpaquePointer?
    }

    /// What is known of an attribute without its value.
    package struct Entry: Sendable, Hashable {
        package let tag: AttributeTag
        /// As stored, `??` where an implicit syntax leaves it open.
        package let representation: String
        /// `??` where the dictionary does not know the attribute.
        package let dictionaryRepresentation: String
        /// 0 for sequences too.
        package let byteCount: Int
        /// Nil for what is no sequence.
        package let itemCount: Int?
    }
}

extension DICOMObject.Item {
    package var entries: [DICOMObject.Entry] {
        let count = cdicomobjects_entries(handle, nil, 0)
        let raw = [cdicomobjects_entry](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = min(count, cdicomobjects_entries(handle, buffer.baseAddress, count))
        }
        return raw.map { entry in
            DICOMObject.Entry(
                tag: AttributeTag(entry.group, entry.element), representation: withUnsafeBytes(of: entry.vr, Self.text),
                dictionaryRepresentation: withUnsafeBytes(of: entry.dictionary_vr, Self.text),
                byteCount: Int(entry.length),
                itemCount: entry.items < 0 ? nil : Int(entry.items))
        }
    }

    /// Of a sequence; empty where there is none.
    package func items(_ tag: AttributeTag) -> [DICOMObject.Item] {
        let count = cdicomobjects_items(handle, tag.group, tag.element, nil, 0)
        guard count > 0 else { return [] }
        var handles = [OpaquePointer?](repeating: nil, count: count)
        _ = cdicomobjects_items(handle, tag.group, tag.element, &handles, count)
        return handles.map { DICOMObject.Item(object: object, handle: $0) }
    }

    /// Whether the attribute is there, with or without a value.
    package func contains(_ tag: AttributeTag) -> Bool { cdicomobjects_contains(handle, tag.group, tag.element) != 0 }

    /// The value as stored; text without its padding, words in little endian. Nil where absent, a sequence, or
    /// encapsulated.
    package func bytes(_ tag: AttributeTag) -> [UInt8]? {
        let count = Int(cdicomobjects_bytes(handle, tag.group, tag.element, nil, 0))
        guard count > 0 else { return count == 0 ? [] : nil }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = min(count, Int(cdicomobjects_bytes(handle, tag.group, tag.element, buffer.baseAddress, count)))
        }
    }

    /// The number of bytes of `bytes(_:)` without copying them.
    package func byteCount(_ tag: AttributeTag) -> Int? {
        let count = Int(cdicomobjects_bytes(handle, tag.group, tag.element, nil, 0))
        return count < 0 ? nil : count
    }

    /// Nil where absent or empty, and where something of it is no number.
    package func numbers(_ tag: AttributeTag) -> [Double]? { try? readableNumbers(tag) }

    /// Nil where absent or empty.
    ///
    /// - Throws: `invalidValue` where something of it is no number: a part would be taken for the whole, or what is
    ///   there for missing.
    package func readableNumbers(_ tag: AttributeTag) throws(DICOMObjectError) -> [Double]? {
        let count = Int(cdicomobjects_numbers(handle, tag.group, tag.element, nil, 0))
        guard count != Int(CDICOMOBJECTS_NO_NUMBERS) else {
            throw DICOMObjectError(
                .invalidValue,
                "\(tag.name) cannot be read: expected decimals such as 0.5 or -100, got something else than numbers")
        }
        guard count > 0 else { return nil }
        var values = [Double](repeating: 0, count: count)
        return cdicomobjects_numbers(handle, tag.group, tag.element, &values, count) == count ? values : nil
    }

    /// Replaces the attribute. `representation` is needed where the dictionary does not say it.
    ///
    /// - Throws: `invalidValue`.
    package func set(_ tag: AttributeTag, text: String, representation: String? = nil) throws(DICOMObjectError) {
        var failure = cdcmtk_failure()
        try Self.check(cdicomobjects_set_text(handle, tag.group, tag.element, representation, text, &failure), failure)
    }

    /// Replaces a text by bytes of the object's character set.
    package func set(_ tag: AttributeTag, encodedText: [UInt8]) throws(DICOMObjectError) {
        var failure = cdcmtk_failure()
        let text = encodedText.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
        try Self.check(cdicomobjects_set_text(handle, tag.group, tag.element, nil, text, &failure), failure)
    }

    /// Replaces an attribute of binary numbers (US, SS, UL, SL, FL, FD).
    package func set(_ tag: AttributeTag, numbers: [Double], representation: String? = nil) throws(DICOMObjectError) {
        var failure = cdcmtk_failure()
        try Self.check(
            cdicomobjects_set_numbers(handle, tag.group, tag.element, representation, numbers, numbers.count, &failure),
            failure)
    }

    /// Replaces an attribute of bytes (OB, UN) or words (OW, in little endian).
    package func set(_ tag: AttributeTag, bytes: [UInt8], representation: String? = nil) throws(DICOMObjectError) {
        var failure = cdcmtk_failure()
        try Self.check(
            cdicomobjects_set_bytes(handle, tag.group, tag.element, representation, bytes, bytes.count, &failure),
            failure)
    }

    package func remove(_ tag: AttributeTag) { cdicomobjects_remove(handle, tag.group, tag.element) }

    /// Replaces the attribute by a sequence without items.
    package func setEmptySequence(_ tag: AttributeTag) throws(DICOMObjectError) {
        var failure = cdcmtk_failure()
        try Self.check(cdicomobjects_set_sequence(handle, tag.group, tag.element, &failure), failure)
    }

    /// A new item at the end of the sequence, which is made if it is missing.
    package func appendItem(_ tag: AttributeTag) throws(DICOMObjectError) -> DICOMObject.Item {
        var failure = cdcmtk_failure()
        guard let item = cdicomobjects_append_item(handle, tag.group, tag.element, &failure) else {
            throw DICOMObjectError(failure)
        }
        return DICOMObject.Item(object: object, handle: item)
    }

    var root: DICOMObject.Item { object.dataset }

    private static func check(_ isDone: Int32, _ failure: cdcmtk_failure) throws(DICOMObjectError) {
        guard isDone != 0 else { throw DICOMObjectError(failure) }
    }

    private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}

extension DICOMObjectError {
    fileprivate init(_ failure: cdcmtk_failure, path: String? = nil) {
        let text = withUnsafeBytes(of: failure.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let fact = text.prefix(1).lowercased() + text.dropFirst()
        switch failure.status {
        case CDCMTK_UNREADABLE:
            let isRefused = failure.reason == 0 || SystemFailure("read a file", Int32(failure.reason)).isRefusal
            self.init(isRefused ? .unreadable : .readFailed, "file cannot be read: \(fact)", path: path)
        case CDCMTK_NOT_DICOM: self.init(.notDICOM, "file is no DICOM object: \(fact)", path: path)
        case CDCMTK_CORRUPT, CDCMTK_TRUNCATED, CDCMTK_CHANGED:
            self.init(.corrupt, "file is no whole DICOM object: \(fact); send it again", path: path)
        case CDCMTK_UNSUPPORTED:
            self.init(.unsupported, "DICOM object is encoded in an unknown way: \(fact)", path: path)
        case CDCMTK_TOO_LARGE:
            self.init(.tooLarge, "DICOM object is larger than any true one: \(fact)", path: path)
        case CDCMTK_INVALID: self.init(.invalidValue, "value does not fit its attribute: \(fact)", path: path)
        case CDCMTK_UNWRITABLE:
            self.init(.unwritable, "DICOM object cannot be written: \(fact); check the space on the disk", path: path)
        case CDCMTK_MEMORY: self.init(.memoryExhausted, "memory ran out over a DICOM object", path: path)
        default: self.init(.internalFailure, "DICOM library failed: \(fact)", path: path)
        }
    }
}
