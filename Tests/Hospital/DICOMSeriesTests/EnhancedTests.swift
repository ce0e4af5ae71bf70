import DICOMSeries
import DICOMObjects
import Faults
import Foundation
import TestSupport
import Testing
import Volumes

/// Multi-frame objects beside the classic ones they are made of.
struct EnhancedTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func frames(_ count: Int = 5, rescale: Bool = false) -> [MadeObject] {
        (0..<count).map { index in
            var object = MadeObject(instance: index, position: SIMD3(-3, 4, 7 + 2 * Double(index))) {
                100 * $1 + $0 + 11 * index
            }
            if rescale { object.numbers(0x0028_1052, [Double(-10 * index)]) }
            return object
        }
    }

    private func classic(_ frames: [MadeObject]) throws -> DICOMSeries {
        let other = try TemporaryFolder()
        for (index, frame) in frames.enumerated() { try frame.write(to: other.file("\(index)")) }
        return try DICOMReader.readSeries(at: other.url)
    }

    @Test(arguments: [[0, 1, 2, 3, 4], [3, 0, 4, 1, 2]]) func framesAreSortedByPosition(order: [Int]) throws {
        let frames = frames(rescale: true)
        try MadeObject.enhanced(order.map { frames[$0] }).write(to: folder.file("one"))
        let series = try DICOMReader.readSeries(at: folder.url)
        let expected = try classic(frames)
        #expect(series.volume == expected.volume)
        #expect(series.instances.map(\.frameNumber) == (0..<5).map { order.firstIndex(of: $0)! + 1 })
        #expect(
            series.instances.allSatisfy {
                $0.sopClassUID == "1.2.840.10008.5.1.4.1.1.2.1"
                    && $0.sopInstanceUID == series.instances[0].sopInstanceUID
            })
        #expect(series.instanceCount == 1)
    }

    @Test func partsOfOneSeriesAreJoined() throws {
        let frames = frames(6)
        try MadeObject.enhanced([frames[4], frames[0], frames[2]]).write(to: folder.file("one"))
        try MadeObject.enhanced([frames[5], frames[1], frames[3]]).write(to: folder.file("two"))
        #expect(try DICOMReader.readSeries(at: folder.url).volume == classic(frames).volume)
    }

    @Test func stacksOfOneObjectAreVolumesOfTheirOwn() throws {
        let frames = frames()
        let overview = MadeObject(instance: 9, position: .zero, orientation: [1, 0, 0, 0, 0, -1])
        try MadeObject.enhanced([overview] + frames, stacks: ["A", "B", "B", "B", "B", "B"]).write(
            to: folder.file("one"))
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(try series.volume == classic(frames).volume)
        #expect(series.skipped == [SkippedObjects(reason: .otherStack, modality: "CT", count: 1)])
    }

    @Test func anObjectSentAgainUnderAnotherIdentifierIsReadOnce() throws {
        let frames = frames()
        var again = MadeObject.enhanced(frames)
        again.text(0x0008_0018, "UI", "2.25.99.1")
        try MadeObject.enhanced(frames).write(to: folder.file("one"))
        try again.write(to: folder.file("two"))
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(try series.volume == classic(frames).volume)
        #expect(series.skipped == [SkippedObjects(reason: .duplicate, modality: "CT", count: frames.count)])
    }

    @Test func missingFrameIsAMissingSlice() throws {
        var frames = frames(6)
        frames.remove(at: 2)
        try MadeObject.enhanced(frames).write(to: folder.file("one"))
        #expect(MadeSeries.error(folder.url)?.code == .missingSlice)
    }

    @Test func frameWithoutAPlaceIsNamed() throws {
        var object = MadeObject.enhanced(frames())
        object.text(0x0028_0008, "IS", "6")
        object.bytes(0x7fe0_0010, "OW", [UInt8](repeating: 0, count: 6 * 240))
        try object.write(to: folder.file("one"))
        let error = try #require(MadeSeries.error(folder.url))
        #expect(error.code == .missingAttribute)
        #expect(error.description.contains("ImagePositionPatient"))
    }

    @Test(arguments: ["7", "1000000000", "-4", "0"]) func wrongNumberOfFramesIsRefused(count: String) throws {
        var object = MadeObject.enhanced(frames())
        object.text(0x0028_0008, "IS", count)
        try object.write(to: folder.file("one"))
        #expect(MadeSeries.error(folder.url) != nil)
    }

    // MARK: - Encapsulated frames

    /// RLE of 16 bits (PS3.5, G): two segments, literal runs only.
    private func runLength(_ frame: MadeObject) -> [UInt8] {
        let cells = frame.value(0x7fe0_0010) ?? []
        let planes = [1, 0].map { half in stride(from: half, to: cells.count, by: 2).map { cells[$0] } }
        let segments = planes.map { plane in
            stride(from: 0, to: plane.count, by: 128).flatMap { start -> [UInt8] in
                let run = plane[start..<min(start + 128, plane.count)]
                return [UInt8(run.count - 1)] + run
            }
        }.map { $0.count.isMultiple(of: 2) ? $0 : $0 + [0x80] }
        let header = [2, 64, 64 + segments[0].count] + [Int](repeating: 0, count: 13)
        return header.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } } + segments[0]
            + segments[1]
    }

    private func encapsulated(_ frames: [MadeObject], table: [Int], pieces: [[UInt8]]) throws {
        var object = MadeObject.enhanced(frames)
        object.transferSyntax = "1.2.840.10008.1.2.5"
        object.fragments(pieces, table: table)
        try object.write(to: folder.file("one"))
    }

    @Test(arguments: [true, false]) func fragmentsAreFramesWithAndWithoutATable(hasTable: Bool) throws {
        let frames = frames()
        let pieces = frames.map(runLength)
        let offsets = pieces.indices.map { index in pieces[..<index].reduce(0) { $0 + $1.count + 8 } }
        try encapsulated(frames, table: hasTable ? offsets : [], pieces: pieces)
        #expect(try DICOMReader.readSeries(at: folder.url).volume == classic(frames).volume)
    }

    @Test func framesOfSeveralFragmentsFollowTheTable() throws {
        let frames = frames()
        let pieces = frames.map(runLength).flatMap { [Array($0[..<70]), Array($0[70...])] }
        let offsets = stride(from: 0, to: pieces.count, by: 2).map { index in
            pieces[..<index].reduce(0) { $0 + $1.count + 8 }
        }
        try encapsulated(frames, table: offsets, pieces: pieces)
        #expect(try DICOMReader.readSeries(at: folder.url).volume == classic(frames).volume)
    }

    /// Padding what is of odd length moves what lies behind it.
    @Test(arguments: OddFrames.allCases) func framesStayApartWhereFragmentsArePadded(kind: OddFrames) throws {
        let frames = frames()
        // The last byte says nothing (PS3.5, G.3.2).
        let pieces = frames.enumerated().map { runLength($1) + ($0.isMultiple(of: 2) ? [0x80] : []) }
        let offsets = pieces.indices.map { index in pieces[..<index].reduce(0) { $0 + $1.count + 8 } }
        var object = MadeObject.enhanced(frames)
        object.transferSyntax = "1.2.840.10008.1.2.5"
        switch kind {
        case .table: break
        case .binaryCount: object.shorts(0x0028_0008, [frames.count])
        case .unlimitedCount: object.bytes(0x0028_0008, "UL", [UInt8(frames.count), 0, 0, 0])
        case .countWithEmptyValue: object.text(0x0028_0008, "IS", "\(frames.count)\\")
        case .extendedTable, .extendedTableAndLength:
            object.longs(0x7fe0_0001, offsets)
            object.longs(0x7fe0_0002, pieces.map(\.count))
            if kind == .extendedTableAndLength { object.longs(0x7fe0_0003, [pieces.reduce(0) { $0 + $1.count }]) }
        }
        let hasBasic = kind != .extendedTable && kind != .extendedTableAndLength
        object.fragments(pieces, table: hasBasic ? offsets : [], isPadded: false)
        try object.write(to: folder.file("one"))
        let expected = try classic(frames).volume
        #expect(try DICOMReader.readSeries(at: folder.url).volume == expected)
        try DICOMObject(file: folder.file("one")).write(to: folder.file("one"))
        #expect(try DICOMReader.readSeries(at: folder.url).volume == expected)
    }

    enum OddFrames: CaseIterable {
        case table, extendedTable, extendedTableAndLength, binaryCount, unlimitedCount, countWithEmptyValue
    }

    /// One of less than a number says nothing, and the basic one is the other's.
    @Test func extendedTableCutShortIsNone() throws {
        let frames = frames()
        let pieces = frames.map(runLength).flatMap { [Array($0[..<70]), Array($0[70...])] }
        var object = MadeObject.enhanced(frames)
        object.transferSyntax = "1.2.840.10008.1.2.5"
        object.bytes(0x7fe0_0001, "OV", [0, 0, 0, 0])
        object.fragments(
            pieces,
            table: stride(from: 0, to: pieces.count, by: 2).map { index in
                pieces[..<index].reduce(0) { $0 + $1.count + 8 }
            })
        try object.write(to: folder.file("one"))
        #expect(try DICOMReader.readSeries(at: folder.url).volume == classic(frames).volume)
    }

    /// Frames that overlap, lie between fragments, run backwards, or outside.
    @Test(arguments: [
        [0, 0, 0, 0, 0], [0, 10, 20, 30, 40], [400, 300, 200, 100, 0], [0, 1 << 30, 1 << 30, 1 << 30, 1 << 30], [0],
    ])
    func lyingOffsetTablesAreRefused(table: [Int]) throws {
        let frames = frames()
        try encapsulated(frames, table: table, pieces: frames.map(runLength))
        #expect(MadeSeries.error(folder.url)?.code == .corrupt)
    }

    /// Of five numbers: one missing, the last cut, and bytes behind them that are no number.
    @Test(arguments: [(32, false), (39, false), (43, true)]) func extendedTablesHaveANumberForEachFrame(
        byteCount: Int, isWhole: Bool
    ) throws {
        let frames = frames()
        let pieces = frames.map(runLength)
        var object = MadeObject.enhanced(frames)
        object.transferSyntax = "1.2.840.10008.1.2.5"
        object.longs(0x7fe0_0001, pieces.indices.map { index in pieces[..<index].reduce(0) { $0 + $1.count + 8 } })
        let numbers = try #require(object.value(0x7fe0_0001))
        object.bytes(0x7fe0_0001, "OV", Array((numbers + [0, 0, 0]).prefix(byteCount)))
        object.fragments(pieces)
        try object.write(to: folder.file("one"))
        if isWhole {
            #expect(try DICOMReader.readSeries(at: folder.url).volume == classic(frames).volume)
        } else {
            #expect(MadeSeries.error(folder.url)?.code == .corrupt)
        }
    }

    @Test func tooFewFragmentsAreCounted() throws {
        let frames = frames()
        try encapsulated(frames, table: [], pieces: frames.dropLast().map(runLength))
        let error = try #require(MadeSeries.error(folder.url))
        #expect(error.code == .wrongPixelLength)
        #expect(error.description.contains("expected 5 frames, found 4 fragments"))
    }
}
