import Anatomy
import Foundation
import LabelMaps
import Testing
import Volumes

/// Label maps from outside: what is lost of them is said, and travels with their bytes.
@Suite final class LabelMapTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "columna-truths-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static let geometry = Geometry(size: [4, 4, 4], affine: Affine(spacingInMillimetres: [1, 1, 2]))

    @discardableResult
    private func write(_ name: String, _ labels: [Int: UInt8], geometry: Geometry = LabelMapTests.geometry) throws
        -> URL
    {
        var volume = Volume<UInt8>(geometry: geometry, repeating: 0)
        for (place, value) in labels { volume.voxels[place] = value }
        let file = folder.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try NIfTI.write(volume, to: file)
        return file
    }

    /// anjany/verse: L6 = 25, sacrum 26.
    @Test func verseIsRenumberedAndWhatIsLostIsSaid() throws {
        let truth = try LabelMap(write("verse.nii.gz", [3: 20, 4: 25, 5: 25, 6: 26]), numbering: .verse)
        #expect(truth.labels.voxels[3...6] == [20, 0, 0, 25])
        #expect(truth.remarks == ["spine-25 has no L6 (label 25, 2 voxels): they count as background"])
        #expect(truth.note == "left out: L6 (2 voxels)")
        // Read again as our own, it still knows.
        let kept = folder.appending(path: "kept.nii.gz")
        try NIfTI.write(truth.labels, note: truth.note, to: kept)
        #expect(try LabelMap(kept).remarks == ["left out: L6 (2 voxels)"])
    }

    @Test func ourOwnNumbersLoseNothingAndOthersAreRefused() throws {
        let truth = try LabelMap(write("own.nii.gz", [3: 20, 4: 25]))
        #expect(truth.remarks.isEmpty && truth.note == nil)
        #expect(throws: NumberingError.self) { try LabelMap(write("other.nii.gz", [3: 26])) }
    }

    @Test func masksBecomeOneMapAndTheUpperVertebraWins() throws {
        for (name, places) in [
            ("vertebrae_L1", [1, 2]), ("vertebrae_L2", [2, 3]), ("sacrum", [9]), ("vertebrae_S1", [10]),
            ("liver", [20]),
        ] {
            try write("masks/\(name).nii.gz", Dictionary(uniqueKeysWithValues: places.map { ($0, UInt8(1)) }))
        }
        let truth = try LabelMap(folder.appending(path: "masks"))
        #expect(
            truth.labels.voxels[1...3] == [20, 20, 21] && truth.labels.voxels[9...10] == [25, 25]
                && truth.labels.voxels[20] == 0)
        #expect(
            truth.remarks == [
                "1 voxels are in the masks of two vertebrae: the upper one was taken",
                "S1 (1 voxels) counts as sacrum",
            ] && truth.losses.isEmpty)
    }

    /// TotalSegmentator v2 cuts S1 out of the sacrum.
    @Test func aSacrumWithoutItsFirstSegmentHasThatAsBackground() throws {
        for (name, place) in [("sacrum", 9), ("vertebrae_S1", 10), ("vertebrae_L5", 11)] {
            try write("masks/\(name).nii.gz", [place: 1])
        }
        let numbered = try write("v2.nii.gz", [9: 25, 10: 26, 11: 27])
        for (truth, id) in [
            (try LabelMap(folder.appending(path: "masks"), sacrum: .withoutS1), 1),
            (try LabelMap(numbered, numbering: .totalSegmentatorV2, sacrum: .withoutS1), 26),
        ] {
            #expect(truth.labels.voxels[9...11] == [25, 0, 24])
            #expect(truth.losses == [Renumbering.Loss(id: id, name: "S1", voxels: 1)])
            #expect(truth.remarks == ["spine-25 has no S1 (label \(id), 1 voxels): they count as background"])
        }
        let whole = try LabelMap(numbered, numbering: .totalSegmentatorV2)
        #expect(whole.labels.voxels[9...11] == [25, 25, 24])
        #expect(whole.remarks == ["S1 (1 voxels) counts as sacrum"])
    }

    @Test func masksThatAreHeldOpenHaveTheNamesTheyAreGivenWith() throws {
        try write("7.nii.gz", [1: 1])
        let held = folder.appending(path: "7")
        try FileManager.default.moveItem(at: folder.appending(path: "7.nii.gz"), to: held)
        let masks = try #require(MaskFolder(held: ["vertebrae_L1.nii.gz": held, "liver.nii.gz": held]))
        #expect(try LabelMap(masks).labels.voxels[0...2] == [0, 20, 0])
        #expect(MaskFolder(held: ["liver.nii.gz": held]) == nil)
    }

    @Test func masksOfVertebraeThatTheSetDoesNotHaveAreNamed() throws {
        try write("masks/vertebrae_L5.nii.gz", [1: 1])
        try write("masks/vertebrae_L6.nii.gz", [2: 1, 3: 1])
        try write("masks/vertebrae_T13.nii.gz", [:])
        let truth = try LabelMap(folder.appending(path: "masks"))
        #expect(truth.losses.map(\.name) == ["L6"] && truth.losses.first?.voxels == 2 && truth.labels.voxels[2] == 0)
    }

    @Test func masksOfSeveralGridsAndLinksOutOfTheFolderAreRefused() throws {
        try write("masks/vertebrae_L1.nii.gz", [1: 1])
        try write("masks/vertebrae_L2.nii.gz", [1: 1], geometry: Geometry(size: [4, 4, 4], affine: .identity))
        #expect(throws: MaskFolderError.self) { try LabelMap(folder.appending(path: "masks")) }
        try write("linked/vertebrae_L1.nii.gz", [1: 1])
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: "linked/vertebrae_L2.nii.gz"),
            withDestinationURL: folder.appending(path: "masks/vertebrae_L1.nii.gz"))
        #expect(throws: MaskFolderError.self) { try LabelMap(folder.appending(path: "linked")) }
    }
}
