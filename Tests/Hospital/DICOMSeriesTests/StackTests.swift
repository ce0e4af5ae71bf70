import DICOMSeries
import Faults
import Foundation
import TestSupport
import Testing
import Volumes

/// Which frames and slices make one volume: stacks, copies, single slices, numbers of few digits.
struct StackTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Slices 2 mm apart but for those `moved`.
    private func slices(
        _ count: Int, from first: Int = 0, moved: [Int: Double] = [:],
        _ change: (Int, inout MadeObject) -> Void = { _, _ in }
    ) -> [MadeObject] {
        (first..<first + count).map { index in
            var slice = MadeObject(instance: index, position: SIMD3(-3, 4, 7 + (moved[index] ?? 2 * Double(index)))) {
                100 * $1 + $0 + 11 * index
            }
            change(index, &slice)
            return slice
        }
    }

    private func write(_ slices: [MadeObject], name: String = "slice") throws {
        for (index, slice) in slices.enumerated() { try slice.write(to: folder.file("\(name)-\(index)")) }
    }

    private func volume(of slices: [MadeObject]) throws -> Volume<Float> {
        let other = try TemporaryFolder()
        for (index, slice) in slices.enumerated() { try slice.write(to: other.file("\(index)")) }
        return try DICOMReader.readSeries(at: other.url).volume
    }

    // MARK: - Stacks (rordenlab/dcm2niix#839)

    @Test(arguments: [
        ([0, 1, 2, 3, 4], ["1", "1", "2", "2", "3"]), ([4, 1, 3, 0, 2], ["1", "1", "2", "2", "3"]),
        ([0, 1, 2, 3, 4], ["odd", "even", "odd", "even", "odd"]), ([0, 1, 2, 3, 4], ["a", "b", "c", "d", "e"]),
    ]) func stacksThatAreOneGridAreOneVolume(order: [Int], stacks: [String]) throws {
        let slices = slices(5)
        try MadeObject.enhanced(order.map { slices[$0] }, stacks: stacks).write(to: folder.file("one"))
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(try series.volume == volume(of: slices))
        #expect(
            series.decisions == [
                "frames of \(Set(stacks).count) stacks (StackID) lie on one regular grid: they were read as one volume"
            ])
        #expect(series.skipped.isEmpty)
    }

    @Test func stacksOfSeveralObjectsAreOneVolumeToo() throws {
        let slices = slices(6)
        try MadeObject.enhanced(Array(slices[..<3]), stacks: ["1", "1", "1"]).write(to: folder.file("one"))
        try MadeObject.enhanced(Array(slices[3...]), stacks: ["2", "2", "2"]).write(to: folder.file("two"))
        #expect(try DICOMReader.readSeries(at: folder.url).volume == volume(of: slices))
    }

    @Test func stacksApartAreVolumesOfTheirOwn() throws {
        let (low, high) = (slices(3), slices(4, from: 20))
        try MadeObject.enhanced(low + high, stacks: ["1", "1", "1", "2", "2", "2", "2"]).write(to: folder.file("one"))
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(try series.volume == volume(of: high))
        #expect(
            series.decisions == [
                "series holds 2 stacks: the one of 4 axial slices of 12×10 was read, left out: 3 axial slices of 12×10"
            ])
        #expect(series.skipped == [SkippedObjects(reason: .otherStack, modality: "CT", count: 3)])
    }

    @Test func manyStacksAreCountedNotListed() throws {
        let frames = slices(3) + (0..<12).flatMap { slices(1, from: 40 + $0 * $0) }
        try MadeObject.enhanced(frames, stacks: ["1", "1", "1"] + (0..<12).map { "\($0 + 2)" }).write(
            to: folder.file("one"))
        let decisions = try DICOMReader.readSeries(at: folder.url).decisions
        #expect(decisions.count == 1 && decisions[0].hasSuffix(" more") && decisions[0].count < 400, "\(decisions)")
    }

    @Test func stacksAtTheSamePlacesAreNotMixed() throws {
        let (one, other) = (slices(3), slices(3) { $1.pixels([Int](repeating: 7, count: 120)) })
        try MadeObject.enhanced(one + other, stacks: ["1", "1", "1", "2", "2", "2"]).write(to: folder.file("one"))
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(try series.volume == volume(of: one))
        #expect(series.skipped == [SkippedObjects(reason: .otherStack, modality: "CT", count: 3)])
    }

    @Test(arguments: [(2.0, 2), (9.0, 1)]) func twoFramesJoinAtTheDistanceTheyState(distance: Double, count: Int) throws
    {
        try MadeObject.enhanced(slices(2, moved: [1: distance]), stacks: ["1", "2"]).write(to: folder.file("one"))
        #expect(try DICOMReader.readSeries(at: folder.url).geometry.size[2] == count)
    }

    // MARK: - Copies under identifiers of their own (icometrix/dicom2nifti#21, AustralianCancerDataNetwork/pydicer#76)

    @Test func aWholeSeriesTwiceIsReadOnce() throws {
        let slices = slices(4)
        try write(slices)
        try write(
            slices.enumerated().map { index, slice in
                var copy = slice
                copy.text(0x0008_0018, "UI", "2.25.99.\(index)")
                copy.numbers(0x0020_0032, [-3, 4.000001, 7 + 2 * Double(index)])
                return copy
            }, name: "there again")
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(try series.volume == volume(of: slices))
        #expect(series.skipped == [SkippedObjects(reason: .duplicate, modality: "CT", count: 4)])
        #expect(
            series.decisions == [
                "4 slices are copies, at the same place and with the same pixels as another but under an identifier of its own: one of each was read"
            ])
        #expect(series.instances.map(\.sopInstanceUID) == (0..<4).map { "2.25.7.\($0)" })
    }

    @Test func otherPixelsAtTheSamePlaceAreRefused() throws {
        let slices = slices(4)
        try write(slices)
        var (copy, other) = (slices[1], slices[2])
        copy.text(0x0008_0018, "UI", "2.25.99.1")
        other.text(0x0008_0018, "UI", "2.25.99.2")
        other.numbers(0x0028_1052, [1])
        try write([copy, other], name: "there again")
        let error = try #require(MadeSeries.error(folder.url))
        #expect(error.code == .duplicateSlice)
        #expect(error.description.contains("11.0 mm"))
    }

    /// Objects of one frame each in a class of many. What is damaged shows what was opened.
    @Test func slicesBesideOneAnotherAreRefusedUnopened() throws {
        try write(slices(4).map { .enhanced([$0]) })
        try write(
            slices(4).enumerated().map { index, slice in
                var other = slice
                other.text(0x0008_0018, "UI", "2.25.99.\(index)")
                other.numbers(0x0020_0032, [2, 4, 7 + 2 * Double(index)])
                other.pixels([1])
                return .enhanced([other])
            }, name: "beside")
        #expect(MadeSeries.error(folder.url)?.code == .duplicateSlice)
    }

    /// Of each object a descriptor stays open, where it holds several of the copies and there are not too many such.
    @Test(arguments: [(1, 4, 3), (2, 130, 129)]) func copiesAreOpenedFewAtATime(
        frameCount: Int, objectCount: Int, damaged: Int
    ) throws {
        let slices = slices(frameCount * objectCount)
        func objects(_ series: String, _ change: (Int, inout MadeObject) -> Void) -> [MadeObject] {
            (0..<objectCount).map { index in
                var object = MadeObject.enhanced(Array(slices[frameCount * index..<frameCount * (index + 1)]))
                object.text(0x0008_0018, "UI", "2.25.\(series).\(index)")
                change(index, &object)
                return object
            }
        }
        func write(_ objects: [MadeObject], _ name: String) throws {
            for (index, object) in objects.enumerated() { try object.write(to: folder.file("\(1000 + index)-\(name)")) }
        }
        try write(objects("98") { _, _ in }, "first")
        // The first is no copy; behind it nothing is compared.
        try write(
            objects("99") { index, object in
                if index == 0 { object.pixels([Int](repeating: 7, count: 120 * frameCount)) }
                if index == damaged { object.pixels([1]) }
            }, "again")
        let error = try #require(MadeSeries.error(folder.url))
        #expect(error.code == .duplicateSlice)
        #expect(error.description.contains("7.0 mm"))
    }

    @Test func aSeriesOfManyObjectsTwiceIsReadOnce() throws {
        let slices = slices(300)
        for (index, pair) in stride(from: 0, to: 300, by: 2).enumerated() {
            for series in ["98", "99"] {
                var object = MadeObject.enhanced(Array(slices[pair..<pair + 2]))
                object.text(0x0008_0018, "UI", "2.25.\(series).\(index)")
                try object.write(to: folder.file("\(series)-\(index)"))
            }
        }
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(try series.volume == volume(of: slices))
        #expect(series.skipped == [SkippedObjects(reason: .duplicate, modality: "CT", count: 300)])
    }

    // MARK: - Numbers of few digits (ivmartel/dwv#1877, icometrix/dicom2nifti#36)

    @Test func spacingsThatDifferByTheirLastDigitsAreOne() throws {
        let exact = slices(4) { _, slice in slice.text(0x0028_0030, "DS", "0.703125\\0.703125") }
        try write(
            slices(4) { index, slice in
                slice.text(0x0028_0030, "DS", index % 2 == 0 ? "0.703125\\0.703125" : "0.703\\0.703")
                slice.text(
                    0x0020_0037, "DS", index % 2 == 0 ? "1\\0\\0\\0\\1\\0" : "0.99999\\0.0001\\0\\-0.0001\\0.99999\\0")
            })
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(try series.volume == volume(of: exact))
        #expect(
            series.decisions.count == 2
                && series.decisions.allSatisfy { $0.contains("differ by their last digits only") })
    }

    @Test(arguments: ["0.7\\0.7", "0.71\\0.703125"]) func spacingsThatDifferByMoreAreRefused(spacing: String) throws {
        try write(
            slices(4) { index, slice in slice.text(0x0028_0030, "DS", index % 2 == 0 ? "0.703125\\0.703125" : spacing) }
        )
        #expect(MadeSeries.error(folder.url)?.code == .inconsistentGeometry)
    }

    // MARK: - A single slice (fo-dicom/fo-dicom: GH1308)

    @Test(arguments: ["0", "-2.511563"]) func aSingleSliceWithoutADistanceIsAsThickAsItSays(between: String) throws {
        try write(slices(1) { _, slice in slice.text(0x0018_0088, "DS", between) })
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(series.geometry.spacingInMillimetres[2] == 2)
        #expect(series.decisions.count == 1 && series.decisions[0].contains("its SliceThickness of 2.0 mm was taken"))
    }

    @Test func aSingleSliceThatSaysNothingOfItsThicknessIsNoVolume() throws {
        try write(
            slices(1) { _, slice in
                slice.text(0x0018_0088, "DS", "0")
                slice.remove(0x0018_0050)
            })
        let error = try #require(MadeSeries.error(folder.url))
        #expect(error.code == .missingAttribute)
        #expect(error.description.contains("SpacingBetweenSlices") && error.description.contains("SliceThickness"))
    }
}
