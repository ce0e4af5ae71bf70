package import Foundation

/// A small CT object written by hand, so that tests know every byte of its dataset: noise, of one study, in series and
/// numbers.
package struct TestObject: Sendable {
    package static let study = "1.2.826.0.1.3680043.8.498.1"
    package static let computedTomography = "1.2.840.10008.5.1.4.1.1.2"
    package static let explicit = "1.2.840.10008.1.2.1", implicit = "1.2.840.10008.1.2",
        bigEndian = "1.2.840.10008.1.2.2"

    package var number: Int
    package var series: Int
    package var rows: Int
    package var sopClass: String
    package var transferSyntax: String
    /// What the dataset says where it is not what the header says.
    package var otherInstance: String?

    package init(
        number: Int, series: Int = 1, rows: Int = 16, sopClass: String = computedTomography,
        transferSyntax: String = explicit,
        otherInstance: String? = nil
    ) {
        self.number = number
        self.series = series
        self.rows = rows
        self.sopClass = sopClass
        self.transferSyntax = transferSyntax
        self.otherInstance = otherInstance
    }

    package var seriesInstance: String { "\(Self.study).\(series)" }
    package var sopInstance: String { "\(seriesInstance).\(number)" }

    package var dataset: Data {
        var data = Data()
        func text(_ group: UInt16, _ element: UInt16, _ representation: String, _ value: String) {
            var bytes = Data(value.utf8)
            if bytes.count % 2 != 0 { bytes.append(representation == "UI" ? 0 : 0x20) }
            append(&data, group, element, representation, bytes)
        }
        func number(_ element: UInt16, _ value: UInt16) { append(&data, 0x0028, element, "US", integer(value, 2)) }
        // A sequence of undefined length before the identifiers, as Language Code Sequence may stand there.
        append(&data, 0x0008, 0x0006, "SQ", item + itemEnd + sequenceEnd, isUndefined: true)
        text(0x0008, 0x0016, "UI", sopClass)
        text(0x0008, 0x0018, "UI", otherInstance ?? sopInstance)
        text(0x0008, 0x0060, "CS", "CT")
        text(0x0010, 0x0010, "PN", "Test^Object")
        text(0x0010, 0x0020, "LO", "test")
        text(0x0020, 0x000D, "UI", Self.study)
        text(0x0020, 0x000E, "UI", seriesInstance)
        text(0x0020, 0x0013, "IS", String(self.number))
        number(0x0002, 1)
        text(0x0028, 0x0004, "CS", "MONOCHROME2")
        number(0x0010, UInt16(rows))
        number(0x0011, UInt16(rows))
        number(0x0100, 16)
        number(0x0101, 16)
        number(0x0102, 15)
        number(0x0103, 0)
        let pixels = Data((0..<rows * rows * 2).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ self.number) })
        append(&data, 0x7FE0, 0x0010, "OW", pixels)
        return data
    }

    /// With a header of its own, which says nothing but what it must.
    package var file: Data {
        var group = Data()
        func text(_ element: UInt16, _ value: String) {
            var bytes = Data(value.utf8)
            if bytes.count % 2 != 0 { bytes.append(0) }
            group +=
                Data([0x02, 0x00, UInt8(element), 0x00]) + Data("UI".utf8) + Data([UInt8(bytes.count), 0]) + bytes
        }
        text(0x0002, sopClass)
        text(0x0003, sopInstance)
        text(0x0010, transferSyntax)
        let length = withUnsafeBytes(of: UInt32(group.count).littleEndian) { Data($0) }
        return Data(count: 128) + Data("DICM".utf8) + Data([0x02, 0x00, 0x00, 0x00]) + Data("UL".utf8) + Data([4, 0])
            + length + group + dataset
    }

    /// Writes it into `folder` under a name of its own.
    package func write(to folder: URL) throws -> URL {
        let url = folder.appending(path: "object-\(series)-\(number).dcm")
        try file.write(to: url)
        return url
    }

    private var isBigEndian: Bool { transferSyntax == Self.bigEndian }
    private var item: Data { integer(0xFFFE, 2) + integer(0xE000, 2) + integer(UInt32.max, 4) }
    private var itemEnd: Data { integer(0xFFFE, 2) + integer(0xE00D, 2) + integer(UInt32(0), 4) }
    private var sequenceEnd: Data { integer(0xFFFE, 2) + integer(0xE0DD, 2) + integer(UInt32(0), 4) }

    private func integer(_ value: some FixedWidthInteger, _ size: Int) -> Data {
        let bytes = Data((0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
        return isBigEndian ? Data(bytes.reversed()) : bytes
    }

    private func append(
        _ data: inout Data, _ group: UInt16, _ element: UInt16, _ representation: String, _ value: Data,
        isUndefined: Bool = false
    ) {
        data += integer(group, 2) + integer(element, 2)
        let length = isUndefined ? UInt32.max : UInt32(value.count)
        if transferSyntax == Self.implicit {
            data += integer(length, 4)
        } else if ["OW", "SQ"].contains(representation) {
            data += Data(representation.utf8) + Data([0, 0]) + integer(length, 4)
        } else {
            data += Data(representation.utf8) + integer(UInt16(value.count), 2)
        }
        data += value
    }

    /// The dataset of a DICOM file: what follows the header of group 2.
    package static func dataset(ofFileAt url: URL) throws -> Data {
        let data = try Data(contentsOf: url)
        let length = (0..<4).reduce(0) { $0 | Int(data[140 + $1]) << (8 * $1) }
        return data.dropFirst(144 + length)
    }
}
