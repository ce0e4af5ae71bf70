import Foundation

/// A CT object made byte by byte, so that any of its elements can be changed, left out or lie.
struct MadeObject {
    enum Encoding { case explicit, implicit, bigEndian, deflated }

    var encoding = Encoding.explicit
    var transferSyntax: String?
    var hasPrefix = true
    var rows = 10
    var columns = 12
    /// Key: group << 16 | element.
    private var values: [UInt32: (representation: String, value: [UInt8])] = [:]
    private var sequences: [UInt32: [[MadeObject]]] = [:]

    /// An item of a sequence: nothing in it.
    init() {}

    init(
        instance: Int, position: SIMD3<Double>, orientation: [Double] = [1, 0, 0, 0, 1, 0], series: String = "2.25.7",
        rows: Int = 10,
        columns: Int = 12, value: (_ column: Int, _ row: Int) -> Int = { 100 * $1 + $0 }
    ) {
        (self.rows, self.columns) = (rows, columns)
        text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\AXIAL")
        text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.2")
        text(0x0008_0018, "UI", "\(series).\(instance)")
        text(0x0008_0060, "CS", "CT")
        text(0x0010_0020, "LO", "patient-1")
        text(0x0018_0050, "DS", "2")
        text(0x0020_000d, "UI", "2.25.6")
        text(0x0020_000e, "UI", series)
        numbers(0x0020_0032, [position.x, position.y, position.z])
        numbers(0x0020_0037, orientation)
        shorts(0x0028_0002, [1])
        text(0x0028_0004, "CS", "MONOCHROME2")
        shorts(0x0028_0010, [rows])
        shorts(0x0028_0011, [columns])
        numbers(0x0028_0030, [0.5, 0.75])
        bits(allocated: 16, stored: 16, high: 15, signed: true)
        numbers(0x0028_1052, [0])
        numbers(0x0028_1053, [1])
        pixels((0..<rows).flatMap { row in (0..<columns).map { value($0, row) } })
    }

    mutating func bits(allocated: Int, stored: Int, high: Int, signed: Bool) {
        shorts(0x0028_0100, [allocated])
        shorts(0x0028_0101, [stored])
        shorts(0x0028_0102, [high])
        shorts(0x0028_0103, [signed ? 1 : 0])
    }

    mutating func text(_ tag: UInt32, _ representation: String, _ text: String) {
        values[tag] = (
            representation,
            Array(text.utf8) + (text.utf8.count.isMultiple(of: 2) ? [] : [representation == "UI" ? 0 : 32])
        )
    }

    mutating func bytes(_ tag: UInt32, _ representation: String, _ bytes: [UInt8]) {
        values[tag] = (representation, bytes)
    }

    mutating func numbers(_ tag: UInt32, _ numbers: [Double]) {
        text(tag, "DS", numbers.map { String(format: "%.10g", $0) }.joined(separator: "\\"))
    }

    mutating func shorts(_ tag: UInt32, _ numbers: [Int]) { values[tag] = ("US", words(numbers)) }

    /// 64-bit numbers of little endian.
    mutating func longs(_ tag: UInt32, _ numbers: [Int]) {
        values[tag] = ("OV", numbers.flatMap { number($0, 8, false) })
    }

    /// 16-bit cells, as they are.
    mutating func pixels(_ cells: [Int]) { values[0x7fe0_0010] = ("OW", words(cells)) }

    mutating func sequence(_ tag: UInt32, _ items: [MadeObject]) { sequences[tag] = [items] }

    mutating func remove(_ tag: UInt32) { values[tag] = nil }

    func value(_ tag: UInt32) -> [UInt8]? { values[tag]?.value }

    /// Encapsulated pixel data; the first item is the offset table.
    mutating func fragments(_ items: [[UInt8]], table: [Int] = [], isPadded: Bool = true) {
        values[0x7fe0_0010] = nil
        var content: [UInt8] = []
        for item in [table.flatMap { number($0, 4, false) }] + items {
            let padding = [UInt8](repeating: 0, count: isPadded ? item.count % 2 : 0)
            content += head(0xfffe_e000, nil, item.count + padding.count, false) + item + padding
        }
        encapsulated = content + head(0xfffe_e0dd, nil, 0, false)
    }

    private var encapsulated: [UInt8]?

    private func words(_ numbers: [Int]) -> [UInt8] { numbers.flatMap { number($0, 2, encoding == .bigEndian) } }

    private func number(_ value: Int, _ width: Int, _ isBigEndian: Bool) -> [UInt8] {
        let bytes = (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        return isBigEndian ? bytes.reversed() : bytes
    }

    var dataset: [UInt8] { elements(isExplicit: encoding != .implicit, isBigEndian: encoding == .bigEndian) }

    private func elements(isExplicit: Bool, isBigEndian: Bool) -> [UInt8] {
        let tags = Set(values.keys).union(sequences.keys).sorted()
        var result = tags.flatMap { tag -> [UInt8] in
            if let items = sequences[tag]?.first {
                let content = items.flatMap { item -> [UInt8] in
                    let inner = item.elements(isExplicit: isExplicit, isBigEndian: isBigEndian)
                    return head(0xfffe_e000, nil, inner.count, isBigEndian) + inner
                }
                return head(tag, isExplicit ? "SQ" : nil, content.count, isBigEndian) + content
            }
            guard let (representation, value) = values[tag] else { return [] }
            return head(tag, isExplicit ? representation : nil, value.count, isBigEndian) + value
        }
        if let encapsulated { result += head(0x7fe0_0010, "OB", 0xffff_ffff, isBigEndian) + encapsulated }
        return result
    }

    private func head(_ tag: UInt32, _ representation: String?, _ length: Int, _ isBigEndian: Bool) -> [UInt8] {
        let start = number(Int(tag >> 16), 2, isBigEndian) + number(Int(tag & 0xffff), 2, isBigEndian)
        guard let representation else { return start + number(length, 4, isBigEndian) }
        let isLong = ["OB", "OW", "SQ", "UN", "UT", "OV"].contains(representation)
        return start + Array(representation.utf8)
            + (isLong ? [0, 0] + number(length, 4, isBigEndian) : number(length, 2, isBigEndian))
    }

    var file: Data {
        guard hasPrefix else { return Data(dataset) }
        let syntax =
            transferSyntax
            ?? [
                .explicit: "1.2.840.10008.1.2.1", .implicit: "1.2.840.10008.1.2", .bigEndian: "1.2.840.10008.1.2.2",
                .deflated: "1.2.840.10008.1.2.1.99",
            ][encoding]!
        var meta = MadeObject()
        meta.text(0x0002_0002, "UI", "1.2.840.10008.5.1.4.1.1.2")
        meta.text(0x0002_0010, "UI", syntax)
        let group = meta.dataset
        meta.bytes(0x0002_0000, "UL", number(group.count, 4, false))
        let content = encoding == .deflated ? Deflated.stored(dataset) : dataset
        return Data([UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + meta.dataset + content)
    }

    func write(to file: URL) throws { try self.file.write(to: file) }
}

extension MadeObject {
    /// An enhanced object of the same frames, in the order given.
    static func enhanced(_ frames: [MadeObject], stacks: [String]? = nil) -> MadeObject {
        var object = frames[0]
        object.text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.2.1")
        object.text(0x0028_0008, "IS", String(frames.count))
        for tag: UInt32 in [0x0018_0050, 0x0020_0032, 0x0020_0037, 0x0028_0030, 0x0028_1052, 0x0028_1053] {
            object.remove(tag)
        }
        if object.value(0x7fe0_0010) != nil {
            object.bytes(0x7fe0_0010, "OW", frames.flatMap { $0.value(0x7fe0_0010) ?? [] })
        }
        func group(_ frame: MadeObject, _ macro: UInt32, _ tags: [UInt32], into target: inout MadeObject) {
            var item = MadeObject()
            for tag in tags { if let value = frame.value(tag) { item.bytes(tag, "DS", value) } }
            target.sequence(macro, [item])
        }
        var shared = MadeObject()
        group(frames[0], 0x0028_9110, [0x0018_0050, 0x0028_0030], into: &shared)
        object.sequence(0x5200_9229, [shared])
        object.sequence(
            0x5200_9230,
            frames.enumerated().map { index, frame in
                var item = MadeObject()
                group(frame, 0x0020_9113, [0x0020_0032], into: &item)
                group(frame, 0x0020_9116, [0x0020_0037], into: &item)
                group(frame, 0x0028_9145, [0x0028_1052, 0x0028_1053], into: &item)
                if let stacks {
                    var content = MadeObject()
                    content.text(0x0020_9056, "SH", stacks[index])
                    item.sequence(0x0020_9111, [content])
                }
                return item
            })
        return object
    }
}

/// Deflate streams (RFC 1951) made by hand.
enum Deflated {
    /// Blocks without compression.
    static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 65535) {
            let block = bytes[start..<min(start + 65535, bytes.count)]
            let length = UInt16(block.count)
            result +=
                [
                    start + 65535 >= bytes.count ? 1 : 0, UInt8(length & 0xff), UInt8(length >> 8),
                    UInt8(~length & 0xff), UInt8(~length >> 8),
                ] + block
        }
        return result
    }

    /// `count` × 258 zeros in about 1.6 bytes each.
    static func zeros(_ count: Int) -> [UInt8] {
        var (result, bits, width): ([UInt8], UInt32, Int) = ([], 0, 0)
        func put(_ value: UInt32, _ length: Int) {
            bits |= value << width
            width += length
            while width >= 8 {
                result.append(UInt8(bits & 0xff))
                bits >>= 8
                width -= 8
            }
        }
        put(0b011, 3) // last block, fixed codes
        put(0b0000_1100, 8) // literal 0, most significant bit first
        for _ in 0..<count { put(0b1010_0011, 8); put(0, 5) } // 258 bytes from distance 1
        put(0, 7) // end of block
        put(0, 7)
        return result
    }
}
