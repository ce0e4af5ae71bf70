import Foundation

/// The character sets of an object's texts, (0008,0005): single sets, UTF-8 and GB18030, and sets that escape sequences
/// switch between (PS3.3, C.12.1.1.2; PS3.5, 6.1.2.5).
///
/// Names are taken as they are meant: `ISO IR 192`, `ISO-IR_100` and `UTF-8` are in many files. Escape sequences of
/// DICOM's sets are followed even where the attribute does not list them.
package struct SpecificCharacterSet: Sendable, Hashable {
    /// The text that some bytes are in a set of its own, without escape sequences: an encoding of iconv.
    private let whole: String?
    /// What bytes above 0x7f are before an escape sequence says otherwise; nil where nothing says it.
    private let initial: CodeElement?
    private let isKnown: Bool

    /// - Parameter value: of the attribute, several sets with backslashes between; empty for ASCII.
    package init(_ value: String) {
        let terms = value.split(separator: "\\", omittingEmptySubsequences: false).map(Term.init)
        let first = terms.first ?? .ascii
        isKnown = first != .unknown
        if case .whole(let encoding) = first { whole = encoding } else { whole = nil }
        // Some writers leave out the escape sequence of the only set they list.
        let upper = terms.compactMap { term in
            if case .element(let element) = term, element.isUpper { element } else { nil }
        }
        if case .element(let element) = first, element.isUpper {
            initial = element
        } else {
            initial = upper.count == 1 ? upper[0] : nil
        }
    }

    /// Nil for bytes that are not of these sets. In ASCII, which bytes above 0x7f are not of, well-formed UTF-8 is
    /// taken for what it is.
    package func text(_ bytes: [UInt8]) -> String? {
        guard bytes.contains(where: { $0 >= 0x80 || $0 == escape }) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        guard isKnown else { return nil }
        if let whole {
            return whole == "UTF-8" ? String(validating: bytes, as: UTF8.self) : converted(bytes, from: whole)
        }
        if initial == nil, !bytes.contains(escape) { return String(validating: bytes, as: UTF8.self) }
        return switched(bytes)
    }

    // MARK: - Escape sequences

    private func switched(_ bytes: [UInt8]) -> String? {
        var text = ""
        var (lower, upper): (CodeElement?, CodeElement?) = (nil, initial)
        var rest = bytes[...]
        while let byte = rest.first {
            if byte == escape {
                guard let found = CodeElement.all.first(where: { rest.dropFirst().starts(with: $0.sequence) }) else {
                    return nil
                }
                if found.isUpper { upper = found } else { lower = found.isASCII ? nil : found }
                rest = rest.dropFirst(1 + found.sequence.count)
                continue
            }
            guard let element = byte < 0x80 ? lower : upper else {
                guard byte < 0x80 else { return nil }
                text.unicodeScalars.append(Unicode.Scalar(byte))
                // What parts values, lines and a name's groups and components switches back to the first set.
                if [0x5c, 0x5e, 0x3d, 0x09, 0x0a, 0x0c, 0x0d].contains(byte) { upper = initial }
                rest = rest.dropFirst()
                continue
            }
            // Spaces and line ends stand between characters of two bytes as well.
            if byte <= 0x20 {
                text.unicodeScalars.append(Unicode.Scalar(byte))
                if byte < 0x20 { (lower, upper) = (nil, initial) }
                rest = rest.dropFirst()
                continue
            }
            let run = rest.prefix { $0 != escape && $0 > 0x20 && ($0 < 0x80) == (byte < 0x80) }
            guard let characters = converted(element.adapted(Array(run)), from: element.encoding) else { return nil }
            text += characters
            rest = rest.dropFirst(run.count)
        }
        return text
    }
}

private let escape: UInt8 = 0x1b

/// One value of the attribute.
private enum Term: Hashable {
    case ascii
    case element(CodeElement)
    case whole(String)
    case unknown

    init(_ text: Substring) {
        let key = text.uppercased().filter { ($0.isLetter || $0.isNumber) && $0.isASCII }
        let number = ["ISO2022IR", "ISOIR", "ISO2022", "IR"].first(where: key.hasPrefix).map {
            String(key.dropFirst($0.count))
        }
        if key.isEmpty || Term.asciiNames.contains(key) || number == "6" {
            self = .ascii
        } else if let encoding = Term.wholeNames[key] ?? number.flatMap({ Term.wholeNames["ISOIR" + $0] }) {
            self = .whole(encoding)
        } else if let element = CodeElement.all.first(where: { $0.number == number ?? Term.otherNames[key] }) {
            self = .element(element)
        } else {
            self = .unknown
        }
    }

    private static let asciiNames: Set<String> = ["ASCII", "USASCII", "ISO646", "ISO646US", "NONE", "DEFAULT"]
    private static let wholeNames = [
        "ISOIR192": "UTF-8", "UTF8": "UTF-8", "UNICODE": "UTF-8", "ISO10646": "UTF-8", "ISOIR10646": "UTF-8",
        "GB18030": "GB18030", "GBK": "GBK",
        "GB2312": "EUC-CN", "EUCCN": "EUC-CN", "BIG5": "BIG5", "SHIFTJIS": "CP932", "SJIS": "CP932", "CP932": "CP932",
        "MS932": "CP932",
        "WINDOWS31J": "CP932", "EUCJP": "EUC-JP", "EUCKR": "EUC-KR", "KSC5601": "EUC-KR", "WINDOWS1250": "CP1250",
        "CP1250": "CP1250",
        "WINDOWS1251": "CP1251", "CP1251": "CP1251", "WINDOWS1252": "CP1252", "CP1252": "CP1252", "KOI8R": "KOI8-R",
    ]
    /// Names of other registries for the sets of ISO 8859.
    private static let otherNames = [
        "ISO88591": "100", "LATIN1": "100", "ISO88592": "101", "LATIN2": "101", "ISO88593": "109", "LATIN3": "109",
        "ISO88594": "110", "LATIN4": "110",
        "ISO88595": "144", "ISO88596": "127", "ISO88597": "126", "ISO88598": "138", "ISO88599": "148", "LATIN5": "148",
        "ISO885911": "166",
        "TIS620": "166", "ISO885915": "203", "LATIN9": "203",
    ]
}

/// A set of characters that an escape sequence puts into the lower or the upper half of the code (PS3.3, tables C.12-3
/// and C.12-4).
private struct CodeElement: Hashable {
    /// Of ISO's registry.
    let number: String
    /// Behind ESC.
    let sequence: [UInt8]
    /// Bytes above 0x7f are of it.
    let isUpper: Bool
    /// Of iconv, which knows the two-byte sets by their EUC forms only.
    let encoding: String
    /// What EUC puts before each character.
    var shift: UInt8?

    var isASCII: Bool { encoding == "ASCII" }

    /// The bytes of a run as `encoding` has them.
    func adapted(_ run: [UInt8]) -> [UInt8] {
        guard !isUpper, !isASCII else { return run }
        let high = run.map { $0 | 0x80 }
        guard let shift else { return high }
        let width = number == "159" ? 2 : 1
        return stride(from: 0, to: high.count, by: width).flatMap { [shift] + high[$0..<min($0 + width, high.count)] }
    }

    private init(_ number: String, _ sequence: String, isUpper: Bool = true, _ encoding: String, shift: UInt8? = nil) {
        (self.number, self.sequence, self.isUpper, self.encoding, self.shift) = (
            number, Array(sequence.utf8), isUpper, encoding, shift
        )
    }

    static let all = [
        CodeElement("100", "-A", "ISO-8859-1"), CodeElement("101", "-B", "ISO-8859-2"),
        CodeElement("109", "-C", "ISO-8859-3"),
        CodeElement("110", "-D", "ISO-8859-4"), CodeElement("144", "-L", "ISO-8859-5"),
        CodeElement("127", "-G", "ISO-8859-6"),
        CodeElement("126", "-F", "ISO-8859-7"), CodeElement("138", "-H", "ISO-8859-8"),
        CodeElement("148", "-M", "ISO-8859-9"),
        CodeElement("203", "-b", "ISO-8859-15"), CodeElement("166", "-T", "TIS-620"),
        CodeElement("13", ")I", "JISX0201"),
        CodeElement("149", "$)C", "EUC-KR"), CodeElement("58", "$)A", "EUC-CN"),
        CodeElement("6", "(B", isUpper: false, "ASCII"), CodeElement("14", "(J", isUpper: false, "ASCII"),
        CodeElement("13 lower", "(I", isUpper: false, "JISX0201"),
        CodeElement("159", "$(D", isUpper: false, "EUC-JP", shift: 0x8f),
        CodeElement("87", "$B", isUpper: false, "EUC-JP"), CodeElement("42", "$@", isUpper: false, "EUC-JP"),
    ]
}

/// Nil unless every byte is of the encoding and becomes a character that can be shown.
private func converted(_ bytes: [UInt8], from encoding: String) -> String? {
    // Katakana of one byte each; iconv knows them behind a shift of EUC only.
    if encoding == "JISX0201" {
        var text = String.UnicodeScalarView()
        for byte in bytes {
            guard (0xa1...0xdf).contains(byte), let scalar = Unicode.Scalar(0xff61 + UInt32(byte - 0xa1)) else {
                return nil
            }
            text.append(scalar)
        }
        return String(text)
    }
    guard let converter = iconv_open("UTF-8", encoding), converter != iconv_t(bitPattern: -1) else { return nil }
    defer { iconv_close(converter) }
    var source = bytes.map { CChar(bitPattern: $0) }
    // No character of one byte has more than three in UTF-8, and none of two more than six.
    var target = [CChar](repeating: 0, count: bytes.count * 4 + 4)
    let length = source.withUnsafeMutableBufferPointer { source in
        target.withUnsafeMutableBufferPointer { target -> Int? in
            var (from, to) = (source.baseAddress, target.baseAddress)
            var (left, room) = (source.count, target.count)
            guard iconv(converter, &from, &left, &to, &room) == 0, left == 0 else { return nil }
            return target.count - room
        }
    }
    guard let length, let text = String(validating: target.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    else { return nil }
    return text.unicodeScalars.contains { (0x80...0x9f).contains($0.value) } ? nil : text
}
