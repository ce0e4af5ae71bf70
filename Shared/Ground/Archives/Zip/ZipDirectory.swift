import Foundation

/// The central directory of a zip archive, with Zip64. Nothing it says is believed before it is checked.
///
/// Source: APPNOTE.TXT 6.3.9, section 4.3.
struct ZipDirectory {
    /// Without folders.
    private(set) var entries: [ZipEntry] = []
    /// Where it begins: entries end before.
    private(set) var offset = 0

    private let source: any ZipSource
    private let limits: ZipLimits

    private static let endSignature: UInt32 = 0x0605_4B50
    private static let end64Signature: UInt32 = 0x0606_4B50
    private static let locatorSignature: UInt32 = 0x0706_4B50
    private static let entrySignature: UInt32 = 0x0201_4B50
    private static let endLength = 22
    private static let end64Length = 56
    private static let locatorLength = 20

    init(_ source: any ZipSource, _ limits: ZipLimits) throws(ZipError) {
        (self.source, self.limits) = (source, limits)
        let place = try place()
        offset = place.offset
        guard place.count <= limits.entries, place.length <= limits.directoryByteCount else {
            throw ZipError(.tooLarge, "\(place.count) files, expected at most \(limits.entries)")
        }
        guard let bytes = try source.bytes(place.offset..<place.offset + place.length) else {
            throw Self.torn("its central directory cannot be read")
        }
        let reader = LittleEndianBytes(bytes, start: place.offset)
        var position = place.offset
        // An entry takes at least 46 bytes, so a false count ends at the directory's end.
        for _ in 0..<place.count {
            if let entry = try entry(reader, at: &position) { entries.append(entry) }
        }
        try checkNames()
        try checkOverlaps()
        try checkTotal()
    }

    static func torn(_ fact: String) -> ZipError { ZipError(.malformed, fact) }

    // MARK: - Place

    /// The end record is the last thing in the file but for a comment of up to 65535 bytes; those of Zip64 are before
    /// it.
    private func place() throws(ZipError) -> (offset: Int, length: Int, count: Int) {
        let size = source.byteCount
        let tail = min(size, Self.endLength + Int(UInt16.max))
        guard let bytes = try source.bytes(size - tail..<size) else { throw Self.torn("its end cannot be read") }
        let reader = LittleEndianBytes(bytes, start: size - tail)
        let end = stride(from: size - Self.endLength, through: reader.start, by: -1).first { offset in
            guard reader.uint32(offset) == Self.endSignature, let comment = reader.uint16(offset + 20) else {
                return false
            }
            return limits.allowsTrailingBytes || Int(comment) == size - Self.endLength - offset
        }
        guard let end, let disk = reader.uint16(end + 4), let directoryDisk = reader.uint16(end + 6),
            let count = reader.uint16(end + 10), let length = reader.uint32(end + 12),
            let offset = reader.uint32(end + 16)
        else { throw Self.torn("it has no directory at its end; it may be cut") }
        var place = (offset: Int(offset), length: Int(length), count: Int(count))
        var limit = end
        if let wide = try wide(before: end) {
            place = (wide.offset, wide.length, wide.count)
            limit = wide.start
        } else if disk != 0 || directoryDisk != 0 {
            throw ZipError(.unsupported, "it is split over several files; join them first")
        }
        guard place.offset <= limit, place.length <= limit - place.offset else {
            throw Self.torn("its directory of \(place.length) bytes at byte \(place.offset) ends behind byte \(limit)")
        }
        return place
    }

    private func wide(before end: Int) throws(ZipError) -> (start: Int, offset: Int, length: Int, count: Int)? {
        let locator = end - Self.locatorLength
        guard locator >= 0, let bytes = try source.bytes(locator..<end),
            case let reader = LittleEndianBytes(bytes, start: locator), reader.uint32(locator) == Self.locatorSignature
        else { return nil }
        guard let start = reader.uint64(locator + 8), start <= locator - Self.end64Length,
            let record = try source.bytes(start..<start + Self.end64Length),
            case let reader = LittleEndianBytes(record, start: start), reader.uint32(start) == Self.end64Signature,
            let count = reader.uint64(start + 32), let length = reader.uint64(start + 40),
            let offset = reader.uint64(start + 48)
        else { throw Self.torn("its zip64 directory is not where it should be") }
        return (start, offset, length, count)
    }

    // MARK: - Entries

    /// Nil for a folder.
    private func entry(_ reader: LittleEndianBytes, at position: inout Int) throws(ZipError) -> ZipEntry? {
        guard reader.uint32(position) == Self.entrySignature, let system = reader.uint16(position + 4),
            let flags = reader.uint16(position + 8), let method = reader.uint16(position + 10),
            let checksum = reader.uint32(position + 16), let compressed = reader.uint32(position + 20),
            let size = reader.uint32(position + 24), let nameLength = reader.uint16(position + 28),
            let extraLength = reader.uint16(position + 30), let commentLength = reader.uint16(position + 32),
            let attributes = reader.uint32(position + 38), let header = reader.uint32(position + 42),
            let nameBytes = reader.bytes(position + 46, Int(nameLength)),
            let extra = reader.part(position + 46 + Int(nameLength), Int(extraLength))
        else { throw Self.torn("its directory is damaged") }
        position = extra.end + Int(commentLength)
        let name = String(decoding: nameBytes, as: UTF8.self)
        func refused(_ code: ZipError.Code, _ fact: String) -> ZipError { ZipError(code, entry: name, fact) }
        try Self.check(nameBytes, name, isPlain: limits.areNamesUsed)
        // A link, a device, a pipe: the upper half of the attributes where a Unix wrote the archive.
        if system >> 8 == 3, ![0, 0o100000, 0o040000].contains(attributes >> 16 & 0o170000) {
            throw refused(.malformed, "is a symbolic link or another special file")
        }
        let facts = try Self.widened(
            Facts(size: Int(size), compressed: Int(compressed), header: Int(header)), by: extra)
        if name.hasSuffix("/") && facts.size == 0 { return nil }
        guard flags & 1 == 0 else { throw refused(.unsupported, "is encrypted; decrypt it first") }
        guard let method = ZipEntry.Method(rawValue: method) else {
            throw refused(.unsupported, "has the compression \(method), expected stored or deflated")
        }
        guard facts.header < offset else {
            throw refused(.malformed, "is said to be at byte \(facts.header) of \(source.byteCount)")
        }
        guard facts.compressed <= offset - facts.header else {
            throw refused(
                .malformed, "of \(facts.compressed) bytes at byte \(facts.header) ends behind byte \(offset)")
        }
        let largest = facts.compressed.multipliedReportingOverflow(by: Zlib.largestRatio).partialValue
        guard method == .stored ? facts.size == facts.compressed : facts.size <= largest else {
            throw refused(.malformed, "states \(facts.size) bytes made of \(facts.compressed)")
        }
        guard facts.size <= limits.entryByteCount else {
            throw refused(.tooLarge, "states \(facts.size) bytes, expected at most \(limits.entryByteCount)")
        }
        return ZipEntry(
            name: name, method: method, checksum: checksum, byteCount: facts.size,
            compressedByteCount: facts.compressed, headerOffset: facts.header, nameByteCount: nameBytes.count)
    }

    private struct Facts {
        var size, compressed, header: Int
    }

    /// What needs more than four bytes stands in the extra field 1, in this order, only what is all ones (APPNOTE
    /// 4.5.3).
    private static func widened(_ facts: Facts, by extra: LittleEndianBytes) throws(ZipError) -> Facts {
        var facts = facts
        let full = Int(UInt32.max)
        let missing = [\Facts.size, \Facts.compressed, \Facts.header].filter { facts[keyPath: $0] == full }
        var field = extra.start
        while !missing.isEmpty, let kind = extra.uint16(field), let length = extra.uint16(field + 2) {
            let end = field + 4 + Int(length)
            if kind == 1 {
                for (index, path) in missing.enumerated() {
                    let place = field + 4 + 8 * index
                    guard place + 8 <= end, let value = extra.uint64(place) else {
                        throw torn("a zip64 field of it is damaged")
                    }
                    facts[keyPath: path] = value
                }
                return facts
            }
            field = end
        }
        return facts
    }

    /// Names are never used as paths; who writes such names means harm all the same.
    private static func check(_ bytes: [UInt8], _ name: String, isPlain: Bool) throws(ZipError) {
        let text = name.replacing("\\", with: "/")
        let isDrive = bytes.count > 1 && bytes[1] == UInt8(ascii: ":")
        let leadsOut = text.hasPrefix("/") || isDrive || bytes.contains(0) || text.split(separator: "/").contains("..")
        let isOdd =
            name.isEmpty || !name.utf8.elementsEqual(bytes)
            || name.unicodeScalars.contains { $0 == "\\" || $0 == ":" || $0.value < 32 }
        guard leadsOut || isPlain && isOdd else { return }
        throw ZipError(
            .malformed, entry: String(name.debugDescription.prefix(60)),
            leadsOut
                ? "has a name that is absolute or leads upwards, expected a relative path without .."
                : "has a name that is no plain path, expected a relative path without .., colons and backslashes")
    }

    // MARK: - All together

    private func checkNames() throws(ZipError) {
        guard limits.areNamesUsed else { return }
        var seen: Set<String> = []
        for entry in entries where !seen.insert(entry.name).inserted {
            throw Self.torn("it has two entries \(entry.name)")
        }
    }

    /// Entries that share bytes are how small archives claim to be large, without any one of them standing out.
    private func checkOverlaps() throws(ZipError) {
        let ordered = entries.sorted { $0.headerOffset < $1.headerOffset }
        for (entry, next) in zip(ordered, ordered.dropFirst()) where entry.leastEnd > next.headerOffset {
            throw Self.torn("files in it overlap")
        }
    }

    private func checkTotal() throws(ZipError) {
        let total = entries.reduce(0) { sum, entry in
            let (sum, isTooLarge) = sum.addingReportingOverflow(entry.byteCount)
            return isTooLarge ? .max : sum
        }
        let (largest, isBoundless) = source.byteCount.multipliedReportingOverflow(by: limits.ratio)
        guard total <= limits.totalByteCount, isBoundless || total <= max(limits.smallTotalByteCount, largest) else {
            throw ZipError(
                .tooLarge,
                "\(source.byteCount) bytes that become \(total), expected at most \(limits.ratio) times as many and \(limits.totalByteCount)"
            )
        }
    }
}
