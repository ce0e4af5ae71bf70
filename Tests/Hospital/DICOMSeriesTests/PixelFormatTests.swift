import DICOMSeries
import Foundation
import TestSupport
import Testing
import Volumes

/// Stored values in every layout that the standard allows become the same Hounsfield units.
struct PixelFormatTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ object: MadeObject) throws -> [Float] {
        try object.write(to: folder.file("object"))
        return try DICOMReader.readSeries(at: folder.file("object")).volume.voxels
    }

    private static let values = (0..<120).map { ($0 * 37) % 4096 - 2048 }

    private func object(_ encoding: MadeObject.Encoding = .explicit) -> MadeObject {
        var object = MadeObject(instance: 1, position: .zero)
        if encoding == .bigEndian {
            object = MadeObject()
            object.encoding = .bigEndian
            object.text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.2")
            object.text(0x0008_0060, "CS", "CT")
            object.text(0x0018_0050, "DS", "2")
            object.text(0x0020_000e, "UI", "2.25.7")
            object.numbers(0x0020_0032, [0, 0, 0])
            object.numbers(0x0020_0037, [1, 0, 0, 0, 1, 0])
            object.shorts(0x0028_0010, [10])
            object.shorts(0x0028_0011, [12])
            object.numbers(0x0028_0030, [0.5, 0.75])
            object.bits(allocated: 16, stored: 16, high: 15, signed: true)
        }
        object.encoding = encoding
        object.pixels(Self.values)
        return object
    }

    @Test(arguments: [MadeObject.Encoding.explicit, .implicit, .bigEndian, .deflated])
    func everyEncodingOfTheDatasetIsRead(
        encoding: MadeObject.Encoding
    ) throws {
        #expect(try read(object(encoding)) == Self.values.map(Float.init))
    }

    @Test(arguments: [MadeObject.Encoding.explicit, .implicit]) func preambleAndMetaHeaderMayBeMissing(
        encoding: MadeObject.Encoding
    ) throws {
        var object = object(encoding)
        object.hasPrefix = false
        #expect(try read(object) == Self.values.map(Float.init))
    }

    @Test func statedImplicitButWrittenExplicitIsRead() throws {
        var object = object()
        object.transferSyntax = "1.2.840.10008.1.2"
        #expect(try read(object) == Self.values.map(Float.init))
    }

    /// 12 signed bits anywhere in 16; the other bits hold overlays.
    @Test(arguments: [11, 12, 13, 15]) func bitsOutsideOfTheStoredOnesAreCutOff(high: Int) throws {
        var object = object()
        object.bits(allocated: 16, stored: 12, high: high, signed: true)
        let low = high - 11
        object.pixels(Self.values.enumerated().map { ($1 & 0xfff) << low | ($0 * 40503 & 0xffff & ~(0xfff << low)) })
        #expect(try read(object) == Self.values.map(Float.init))
    }

    @Test(arguments: [true, false]) func eightBitsAreRead(signed: Bool) throws {
        var object = object()
        let values = (0..<120).map { ($0 * 7) % 256 - (signed ? 128 : 0) }
        object.bits(allocated: 8, stored: 8, high: 7, signed: signed)
        object.bytes(0x7fe0_0010, "OB", values.map { UInt8(truncatingIfNeeded: $0) })
        #expect(try read(object) == values.map(Float.init))
    }

    /// Two pixels in three bytes, as ACR-NEMA had it.
    @Test func twelvePackedBitsAreRead() throws {
        var object = object()
        let values = (0..<120).map { ($0 * 37) % 4096 }
        object.bits(allocated: 12, stored: 12, high: 11, signed: false)
        let packed = stride(from: 0, to: 120, by: 2).flatMap { at -> [UInt8] in
            let pair = values[at] | values[at + 1] << 12
            return [UInt8(pair & 0xff), UInt8(pair >> 8 & 0xff), UInt8(pair >> 16)]
        }
        object.bytes(0x7fe0_0010, "OW", packed)
        #expect(try read(object) == values.map(Float.init))
    }

    @Test func thirtyTwoBitsAreReadAsFloatingPoint() throws {
        var object = object()
        object.bits(allocated: 32, stored: 32, high: 31, signed: true)
        object.bytes(
            0x7fe0_0010, "OW",
            Self.values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: (value * 100) >> (8 * $0)) } })
        #expect(try read(object) == Self.values.map { Float($0 * 100) })
    }

    @Test func fractionsOfTheRescaleAreKept() throws {
        var object = object()
        object.numbers(0x0028_1053, [0.25])
        object.numbers(0x0028_1052, [-1000.5])
        #expect(try read(object) == Self.values.map { Float($0) * 0.25 - 1000.5 })
        #expect(try DICOMReader.readSeries(at: folder.file("object")).isInt16Exact == false)
    }

    @Test func missingRescaleIsTold() throws {
        var object = object()
        object.remove(0x0028_1052)
        object.remove(0x0028_1053)
        #expect(try read(object) == Self.values.map(Float.init))
        let decisions = try DICOMReader.readSeries(at: folder.file("object")).decisions
        #expect(decisions == ["1 of 1 slices have no rescale: their stored values are taken for Hounsfield units"])
    }

    /// Unsigned values that would need 17 bits as Hounsfield units.
    @Test func valuesBeyondSixteenBitsBecomeFloatingPoint() throws {
        var object = object()
        object.bits(allocated: 16, stored: 16, high: 15, signed: false)
        object.pixels((0..<120).map { $0 * 546 })
        #expect(try read(object) == (0..<120).map { Float($0 * 546) })
    }

    /// Scanners pad the corners outside of the reconstruction circle: stated unsigned, stored signed.
    @Test func paddingOfTheUsualKindIsKeptAndTold() throws {
        var object = object()
        object.shorts(0x0028_0120, [65536 - 2000])
        object.numbers(0x0028_1052, [-1024])
        let voxels = try read(object)
        #expect(voxels == Self.values.map { Float($0 - 1024) })
        #expect(try DICOMReader.readSeries(at: folder.file("object")).decisions == ["padding of -3024 kept as it is"])
    }

    /// 30 000 would look like metal.
    @Test func paddingThatIsNoHounsfieldUnitBecomesAir() throws {
        var object = object()
        var cells = Self.values
        (cells[0], cells[119], cells[60]) = (30000, 30010, 29999)
        object.pixels(cells)
        object.shorts(0x0028_0120, [30010])
        object.shorts(0x0028_0121, [30000])
        var expected = cells.map(Float.init)
        (expected[0], expected[119]) = (-1024, -1024)
        #expect(try read(object) == expected)
    }

    @Test func privateElementsAreWalkedOver() throws {
        var object = object()
        var item = MadeObject()
        item.text(0x0009_1001, "LO", "secret")
        object.sequence(0x0009_1010, [item, item])
        object.bytes(0x0029_1020, "UN", [UInt8](repeating: 0xff, count: 100_000))
        #expect(try read(object) == Self.values.map(Float.init))
    }

    /// "Bildgerät" in Latin-1, in UTF-8, and in bytes that no character set explains.
    @Test(arguments: [
        ("ISO_IR 100", [UInt8]("Ger".utf8) + [0xe4, 0x74], "Gerät"), ("ISO_IR 192", [UInt8]("Gerät".utf8), "Gerät"),
        ("GB18030", [0xc9, 0xe8], "设"), ("", [0x47, 0xe4], "Gä"), ("NO SUCH SET", [0x47, 0xe4], "Gä"),
    ])
    func textIsDecodedFromItsCharacterSet(set: String, bytes: [UInt8], text: String) throws {
        var object = object()
        if !set.isEmpty { object.text(0x0008_0005, "CS", set) }
        object.bytes(0x0008_0070, "LO", bytes + (bytes.count.isMultiple(of: 2) ? [] : [32]))
        _ = try read(object)
        #expect(try DICOMReader.readSeries(at: folder.file("object")).tags.manufacturer == text)
    }
}
