package import Foundation

/// CT slices of 8 × 6 pixels, byte by byte, in encodings that are awkward and can be meant in one way only. Every
/// reader of objects takes all of them for the same slices.
package enum AwkwardObject: String, CaseIterable, Sendable {
    // Representations (PS3.5, 6.2.2 allows UN). pydicom/pydicom#828, #899, #900, #1323
    case spacingAsUnknown, rescaleAsUnknown, signAsUnknown, everythingAsUnknown, spacingAsUnlimitedText, signAsBytes
    case unknownInBigEndian
    // Explicit datasets with implicit parts and the other way round. fo-dicom/fo-dicom#47, #1157, pydicom/pydicom#1312
    case elementWithoutRepresentation, representationOfSpaces, representationOfZeros, implicitItems,
        implicitItemsOfKnownLength
    case shortLengthOfUnknown, explicitItemsInUnknown, explicitItemsInImplicit, statedImplicit, statedExplicit
    case itemEndedBySequence, itemEndedByNextItem, itemEndedByLengthOfSequence, delimitersTooMany, brokenPrivateSequence
    // Ends. DCMTK/dcmtk#118, dgobbi/vtk-dicom#201, fo-dicom/fo-dicom#1339, pydicom/pydicom#277, #796
    case zerosAtTheEnd, lineBreakAtTheEnd, boundaryAtTheEnd, boundaryBehindHalfABreak, boundaryWithoutBreak,
        spacesAtTheEnd, paddingCutShort, excessPadding, excessBlock
    case fragmentsWithoutEnd, zerosForTheEndOfFragments, fragmentsAndLineBreak, fragmentsAndPadding
    case fragmentsAndHalfADelimiter, fragmentsAndSpaces, fragmentsAndBoundary, privateFragmentsCutShort, oddFragments
    // Headers. pydicom/pydicom#2180, slicebox/slicebox#200
    case withoutSOPClass, headerOfAnotherObject, headerWithoutLength, headerOfWrongLength, headerWithAddresses,
        oddLengths
    // Pixels. rii-mango/JPEGLosslessDecoderJS#14, cornerstonejs/dicomParser#107
    case losslessCalledBaseline, losslessCalledJPEGLS, bigEndianPixels

    package static let (rows, columns) = (6, 8)
    package static let study = "2.25.1001", series = "2.25.1002"
    package static func instance(_ slice: Int) -> String { "2.25.2000.\(slice + 1)" }
    package static let computedTomography = "1.2.840.10008.5.1.4.1.1.2"

    /// Stored values are Hounsfield units and 1024.
    package static func hounsfield(_ slice: Int) -> [Int16] {
        (0..<rows).flatMap { row in (0..<columns).map { Int16(-300 + 40 * slice + 100 * row + 7 * $0) } }
    }

    /// The file of a slice; slices lie 2.5 mm apart.
    package func file(_ slice: Int = 0) -> Data { Data(bytes(slice)) }

    private func bytes(_ slice: Int) -> [UInt8] {
        var object = Slice(slice)
        switch self {
        case .spacingAsUnknown: object[0x0028_0030] = element(0x0028_0030, "UN", Array("0.75\\0.5".utf8))
        case .rescaleAsUnknown:
            object[0x0028_1052] = element(0x0028_1052, "UN", Array("-1024 ".utf8))
            object[0x0028_1053] = element(0x0028_1053, "UN", Array("1 ".utf8))
        case .signAsUnknown, .signAsBytes:
            object[0x0028_0103] = element(0x0028_0103, self == .signAsUnknown ? "UN" : "OB", [1, 0])
            object[0x0028_1052] = element(0x0028_1052, "DS", Array("0 ".utf8))
            object[0x7fe0_0010] = element(0x7fe0_0010, "OW", Self.hounsfield(slice).flatMap { words(Int($0)) })
        case .everythingAsUnknown: return object.file { $0 == 0x7fe0_0010 ? "OW" : "UN" }
        case .unknownInBigEndian: return object.bigEndianFile()
        case .spacingAsUnlimitedText: object[0x0028_0030] = element(0x0028_0030, "UT", Array("0.75\\0.5".utf8))
        case .elementWithoutRepresentation: object.private = bare(0x0019_1001, Array("abcd".utf8))
        case .representationOfSpaces: object[0x0028_0120] = head(0x0028_0120) + [0x20, 0x20, 2, 0, 0, 0]
        case .representationOfZeros: object[0x0028_0120] = head(0x0028_0120) + [0, 0, 2, 0, 0, 0]
        case .shortLengthOfUnknown: object.private = head(0x0019_1001) + Array("UN".utf8) + [4, 0] + Array("abcd".utf8)
        case .implicitItems: object.private = sequence(0x0019_1002, "SQ", openItem(implicitContent) + Self.sequenceEnd)
        case .implicitItemsOfKnownLength: object.private = element(0x0019_1002, "SQ", item(implicitContent))
        case .explicitItemsInUnknown:
            object.private = sequence(0x0019_1002, "UN", openItem(explicitContent) + Self.sequenceEnd)
        case .explicitItemsInImplicit:
            object.private = bare(0x0019_1002, item(explicitContent))
            return object.file(syntax: "1.2.840.10008.1.2", isExplicit: false)
        case .statedImplicit: return object.file(syntax: "1.2.840.10008.1.2")
        case .statedExplicit: return object.file(isExplicit: false)
        case .itemEndedBySequence:
            object.private = sequence(0x0019_1002, "SQ", openItem(explicitContent, end: []) + Self.sequenceEnd)
        case .itemEndedByNextItem:
            object.private = sequence(
                0x0019_1002, "SQ", openItem(explicitContent, end: []) + openItem(explicitContent) + Self.sequenceEnd)
        case .itemEndedByLengthOfSequence:
            object.private = element(0x0019_1002, "SQ", openItem(explicitContent, end: []))
        case .delimitersTooMany:
            object.private =
                element(0x0019_1002, "SQ", item(explicitContent) + Self.itemEnd + Self.sequenceEnd) + Self.sequenceEnd
        case .brokenPrivateSequence:
            object.private = element(0x0019_1002, "SQ", Array(item(explicitContent).dropLast(2)) + [1, 2, 3, 4])
        case .zerosAtTheEnd: return object.file() + [UInt8](repeating: 0, count: 7)
        case .lineBreakAtTheEnd: return object.file() + Array("\r\n".utf8)
        case .boundaryAtTheEnd: return object.file() + Array("\r\n--boundary--\r\n".utf8)
        case .boundaryBehindHalfABreak: return object.file() + Array("\n--boundary--\n".utf8)
        case .boundaryWithoutBreak: return object.file() + Array("--boundary--\r\n".utf8)
        case .spacesAtTheEnd: return object.file() + Array("          ".utf8)
        case .paddingCutShort:
            return object.file() + element(0xfffc_fffc, "OB", [UInt8](repeating: 0, count: 100)).dropLast(60)
        case .excessPadding: object[0x7fe0_0010] = element(0x7fe0_0010, "OW", pixels(slice) + [1, 2])
        case .excessBlock:
            object[0x7fe0_0010] = element(0x7fe0_0010, "OW", pixels(slice) + [UInt8](repeating: 0xff, count: 80))
        case .fragmentsWithoutEnd: return object.encapsulated(stream(slice), Self.lossless, end: [])
        case .zerosForTheEndOfFragments:
            return object.encapsulated(stream(slice), Self.lossless, end: [UInt8](repeating: 0, count: 8))
        case .fragmentsAndLineBreak: return object.encapsulated(stream(slice), Self.lossless, end: Array("\r\n".utf8))
        case .fragmentsAndHalfADelimiter:
            return object.encapsulated(stream(slice), Self.lossless, end: Array(Self.sequenceEnd.prefix(4)))
        case .fragmentsAndSpaces:
            return object.encapsulated(stream(slice), Self.lossless, end: Array("          ".utf8))
        case .fragmentsAndBoundary:
            return object.encapsulated(stream(slice), Self.lossless, end: Array("\n--boundary--\n".utf8))
        case .oddFragments: return object.encapsulated(stream(slice), Self.lossless, cut: 71)
        case .privateFragmentsCutShort:
            let fragments =
                head(0x0019_1003) + Array("OB".utf8) + [0, 0, 0xff, 0xff, 0xff, 0xff] + item([1, 2, 3, 4]).dropLast(2)
            object.private = element(0x0019_1002, "SQ", item(fragments))
        case .fragmentsAndPadding:
            return object.encapsulated(
                stream(slice), Self.lossless, end: element(0xfffc_fffc, "OB", [UInt8](repeating: 0, count: 30)))
        case .withoutSOPClass: object[0x0008_0016] = []
        case .headerOfAnotherObject: return object.file(instance: "2.25.999")
        case .headerWithoutLength: return object.file(statedLength: nil)
        case .headerOfWrongLength: return object.file(statedLength: 4)
        // Of where it came from (PS3.10, 7.1): values with 32 bits of length.
        case .headerWithAddresses:
            return object.file(header: element(0x0002_0026, "UR", Array("dicom://made-here ".utf8)))
        case .oddLengths: object[0x0008_0070] = head(0x0008_0070) + Array("LO".utf8) + [5, 0] + Array("Maker".utf8)
        case .losslessCalledBaseline: return object.encapsulated(stream(slice), "1.2.840.10008.1.2.4.50")
        case .losslessCalledJPEGLS: return object.encapsulated(stream(slice), "1.2.840.10008.1.2.4.80")
        case .bigEndianPixels:
            object[0x7fe0_0010] = element(0x7fe0_0010, "OW", pixels(slice).swapped)
            return object.file(syntax: "1.2.840.113619.5.2", isExplicit: false)
        }
        return object.file()
    }

    /// High-throughput JPEG 2000 of 8 × 8 pixels, 700 + 40 row + 7 column, made with OpenJPH 0.26.
    package static let highThroughputStream = Array(
        Data(
            base64Encoded:
                "/0//UQApQAAAAAAIAAAACAAAAAAAAAAAAAAACAAAAAgAAAAAAAAAAAABDwEB/1AACAACAAAACv9SAAwAAgABAAUEBEAB/1wAEyCIkJCQkJCQkJCQkJCQiIiI/2QAFwABT3Bl"
                + "bkpQSCBWZXIgMC4yNi4zLv+QAAoAAAAAAFQAAf+TwAAmr/kFB3QAAADAABLAABKA/gAHdABsAYd0AMAAEsAAEwDuAMJ0ALKyAENUAMAAJ4AAVQAk+aCnQnUATsdx/sAQgey2"
                + "AP/Z") ?? Data())

    /// An object of that stream.
    package static func highThroughputFile(syntax: String) -> Data {
        var object = Slice(0)
        for tag: UInt32 in [0x0028_0010, 0x0028_0011] { object[tag] = element(tag, "US", words(8)) }
        return Data(object.encapsulated(highThroughputStream, syntax))
    }

    private static let lossless = "1.2.840.10008.1.2.4.70"
    private static let itemEnd: [UInt8] = [0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0]
    fileprivate static let sequenceEnd: [UInt8] = [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]

    private var implicitContent: [UInt8] {
        bare(0x0008_0100, Array("113502".utf8)) + bare(0x0008_0104, Array("Made concept".utf8))
    }
    private var explicitContent: [UInt8] {
        element(0x0008_0100, "SH", Array("113502".utf8)) + element(0x0008_0104, "LO", Array("Made concept".utf8))
    }

    private func openItem(_ content: [UInt8], end: [UInt8] = itemEnd) -> [UInt8] {
        head(0xfffe_e000) + [0xff, 0xff, 0xff, 0xff] + content + end
    }

    private func sequence(_ tag: UInt32, _ representation: String, _ content: [UInt8]) -> [UInt8] {
        head(tag) + Array(representation.utf8) + [0, 0, 0xff, 0xff, 0xff, 0xff] + content
    }

    private func stream(_ slice: Int) -> [UInt8] {
        LosslessJPEG.encoded(Self.hounsfield(slice).map { Int($0) + 1024 }, rows: Self.rows, columns: Self.columns)
    }
}

/// The elements of one slice, encoded by tag.
private struct Slice {
    private var values: [UInt32: (representation: String, value: [UInt8])] = [:]
    private var encoded: [UInt32: [UInt8]] = [:]
    private let instance: String
    /// Elements of a private group, behind its creator.
    var `private`: [UInt8] = []

    init(_ slice: Int) {
        instance = AwkwardObject.instance(slice)
        let texts: [(UInt32, String, String)] = [
            (0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\AXIAL"), (0x0008_0016, "UI", AwkwardObject.computedTomography),
            (0x0008_0018, "UI", instance),
            (0x0008_0060, "CS", "CT"), (0x0008_0070, "LO", "Made"), (0x0010_0010, "PN", "Test^Made"),
            (0x0010_0020, "LO", "MADE-1"),
            (0x0018_0050, "DS", "2.5"), (0x0020_000d, "UI", AwkwardObject.study),
            (0x0020_000e, "UI", AwkwardObject.series),
            (0x0020_0032, "DS", "-100\\-120\\\(50 + 2.5 * Double(slice))"), (0x0020_0037, "DS", "1\\0\\0\\0\\1\\0"),
            (0x0028_0004, "CS", "MONOCHROME2"), (0x0028_0030, "DS", "0.75\\0.5"), (0x0028_1052, "DS", "-1024"),
            (0x0028_1053, "DS", "1"),
        ]
        for (tag, representation, text) in texts {
            values[tag] = (
                representation,
                Array(text.utf8) + (text.utf8.count.isMultiple(of: 2) ? [] : [representation == "UI" ? 0 : 0x20])
            )
        }
        let numbers: [(UInt32, Int)] = [
            (0x0028_0002, 1), (0x0028_0010, AwkwardObject.rows), (0x0028_0011, AwkwardObject.columns),
            (0x0028_0100, 16), (0x0028_0101, 16),
            (0x0028_0102, 15), (0x0028_0103, 0),
        ]
        for (tag, number) in numbers { values[tag] = ("US", words(number)) }
        values[0x7fe0_0010] = ("OW", pixels(slice))
    }

    /// A whole element in place of the usual one.
    subscript(tag: UInt32) -> [UInt8] {
        get { encoded[tag] ?? [] }
        set { encoded[tag] = newValue }
    }

    private func dataset(_ representation: (UInt32) -> String?, isExplicit: Bool) -> [UInt8] {
        var tags = Set(values.keys).union(encoded.keys)
        if !self.private.isEmpty { tags.insert(0x0019_0010) }
        return tags.sorted().flatMap { tag -> [UInt8] in
            if tag == 0x0019_0010 {
                let creator = Array("MADE CREATOR".utf8)
                return (isExplicit ? element(tag, "LO", creator) : bare(tag, creator)) + self.private
            }
            if let whole = encoded[tag] {
                return isExplicit || whole.isEmpty
                    ? whole : bare(tag, Array(whole.dropFirst(tag == 0x7fe0_0010 ? 12 : 8)))
            }
            guard let (own, value) = values[tag] else { return [] }
            return isExplicit ? element(tag, representation(tag) ?? own, value) : bare(tag, value)
        }
    }

    func file(
        syntax: String = "1.2.840.10008.1.2.1", isExplicit: Bool = true, instance: String? = nil,
        statedLength: Int? = -1, header: [UInt8] = [],
        representation: (UInt32) -> String? = { _ in nil }
    ) -> [UInt8] {
        meta(syntax, instance: instance ?? self.instance, statedLength: statedLength, more: header)
            + dataset(representation, isExplicit: isExplicit)
    }

    /// - Parameter cut: the first of two fragments has so many bytes, and neither is padded.
    mutating func encapsulated(
        _ stream: [UInt8], _ syntax: String, cut: Int? = nil, end: [UInt8] = AwkwardObject.sequenceEnd
    ) -> [UInt8] {
        self[0x7fe0_0010] = []
        let padded = stream + [UInt8](repeating: 0, count: stream.count % 2)
        let fragments =
            cut.map { item(number(0, 4)) + item(Array(stream[..<$0])) + item(Array(stream[$0...])) } ?? item([])
            + item(padded)
        return file(syntax: syntax) + head(0x7fe0_0010) + Array("OB".utf8) + [0, 0, 0xff, 0xff, 0xff, 0xff] + fragments
            + end
    }

    /// Unknown values are little endian in any encoding.
    func bigEndianFile() -> [UInt8] {
        let content = values.keys.sorted().flatMap { tag -> [UInt8] in
            guard let (own, value) = values[tag] else { return [] }
            let start = words(Int(tag >> 16)).swapped + words(Int(tag & 0xffff)).swapped
            if tag == 0x7fe0_0010 {
                return start + Array("OW".utf8) + [0, 0] + number(value.count, 4).reversed() + value.swapped
            }
            guard own == "US" else { return start + Array(own.utf8) + words(value.count).swapped + value }
            return start + Array("UN".utf8) + [0, 0] + number(value.count, 4).reversed() + value
        }
        return meta("1.2.840.10008.1.2.2", instance: instance, statedLength: -1) + content
    }

    private func meta(_ syntax: String, instance: String, statedLength: Int?, more: [UInt8] = []) -> [UInt8] {
        func identifier(_ tag: UInt32, _ text: String) -> [UInt8] {
            element(tag, "UI", Array(text.utf8) + (text.utf8.count.isMultiple(of: 2) ? [] : [0]))
        }
        let group =
            identifier(0x0002_0002, AwkwardObject.computedTomography) + identifier(0x0002_0003, instance)
            + identifier(0x0002_0010, syntax) + more
        let length = statedLength.map { element(0x0002_0000, "UL", number($0 < 0 ? group.count : $0, 4)) } ?? []
        return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + length + group
    }
}

private func number(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

private func words(_ value: Int) -> [UInt8] { number(value, 2) }

private func pixels(_ slice: Int) -> [UInt8] { AwkwardObject.hounsfield(slice).flatMap { words(Int($0) + 1024) } }

private func head(_ tag: UInt32) -> [UInt8] { words(Int(tag >> 16)) + words(Int(tag & 0xffff)) }

private func bare(_ tag: UInt32, _ value: [UInt8]) -> [UInt8] { head(tag) + number(value.count, 4) + value }

private func item(_ content: [UInt8]) -> [UInt8] { bare(0xfffe_e000, content) }

private func element(_ tag: UInt32, _ representation: String, _ value: [UInt8]) -> [UInt8] {
    let isLong = ["OB", "OW", "SQ", "UN", "UR", "UT"].contains(representation)
    return head(tag) + Array(representation.utf8) + (isLong ? [0, 0] + number(value.count, 4) : words(value.count))
        + value
}

extension [UInt8] {
    /// Words of the other byte order.
    fileprivate var swapped: [UInt8] { stride(from: 0, to: count - 1, by: 2).flatMap { [self[$0 + 1], self[$0]] } }
}

/// ITU-T T.81, process 14 with predictor 1; the codes of all 17 categories have five bits.
private enum LosslessJPEG {
    static func encoded(_ values: [Int], rows: Int, columns: Int) -> [UInt8] {
        var (bytes, bits, width): ([UInt8], UInt64, Int) = ([], 0, 0)
        func put(_ value: Int, _ count: Int) {
            bits = bits << UInt64(count) | UInt64(value)
            width += count
            while width >= 8 {
                width -= 8
                let byte = UInt8(truncatingIfNeeded: bits >> UInt64(width))
                bytes += byte == 0xff ? [0xff, 0] : [byte]
            }
        }
        for (index, value) in values.enumerated() {
            let (row, column) = (index / columns, index % columns)
            let difference = value - (column > 0 ? values[index - 1] : row > 0 ? values[index - columns] : 1 << 15)
            let category = Int.bitWidth - difference.magnitude.leadingZeroBitCount
            put(category, 5)
            if category > 0, category < 16 {
                put(difference > 0 ? difference : difference + (1 << category) - 1, category)
            }
        }
        put((1 << (7 - (width + 7) % 8)) - 1, 7 - (width + 7) % 8)
        let tables: [UInt8] = [0xff, 0xc4, 0, 36, 0, 0, 0, 0, 0, 17] + [UInt8](repeating: 0, count: 11) + Array(0..<17)
        let frame: [UInt8] = [0xff, 0xc3, 0, 11, 16, 0, UInt8(rows), 0, UInt8(columns), 1, 1, 0x11, 0]
        return [0xff, 0xd8] + tables + frame + [0xff, 0xda, 0, 8, 1, 1, 0, 1, 0, 0] + bytes + [0xff, 0xd9]
    }
}
