import Anatomy
import Faults
import Foundation
import Phantoms
import Plausibility
import Testing
import Volumes

struct AnatomicalSceneTests {
    /// The whole spine, coarse enough to be quick.
    private static let whole = AnatomicalView(
        coverage: .levels(1...25), size: nil, spacingInMillimetres: [3, 3, 3], isTurned: false)

    private static let crop = AnatomicalView(
        coverage: .anywhere, size: [40, 40, 40], spacingInMillimetres: [3, 3, 3])

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func aWholeSpineIsWhatASpineMustBe(seed: UInt64) throws {
        let (_, labels) = try AnatomicalScene.make(seed: seed, view: Self.whole)
        let report = PlausibilityReport(labels, labelSet: .spine25)
        #expect(report.vertebrae.map(\.label.value) == Array(1...25))
        let heights = report.vertebrae.map(\.centroid.z)
        #expect(zip(heights, heights.dropFirst()).allSatisfy { $0 > $1 }, "heights \(heights)")
        #expect(report.reasons == [])
        // Between centres of mass of neighbours, by what 140 patients have, three deviations and the bodies' sizes off.
        for (index, (low, high)) in Self.gaps.enumerated() {
            let gap = (report.vertebrae[index].centroid - report.vertebrae[index + 1].centroid).length
            #expect((low * 0.72...high * 1.28).contains(gap), "\(index + 1): \(gap) mm")
        }
        #expect(
            report.vertebrae.allSatisfy { $0.largestShare > 0.97 }, "pieces \(report.vertebrae.map(\.largestShare))")
    }

    /// Mean gaps C1–C2 to L4–L5 of centres of mass, less and more two deviations, mm.
    private static let gaps: [(Double, Double)] = [
        (13, 21.2), (15.3, 21.6), (11.9, 19.8), (12.4, 19.7), (13.1, 19.1), (14.5, 20.9), (16.4, 21.2), (17.5, 24.3),
        (19.2, 25.3), (19.4, 25.3), (20, 25.6), (20.5, 26.4), (20.9, 27.1), (21.3, 27.3), (21.9, 27.9), (22.5, 28.8),
        (24.1, 31.1), (26.1, 33.5), (27.3, 36.7), (28.7, 38.1), (29.2, 39), (28.5, 39.1), (26.3, 37),
    ]

    @Test func sameSeedGivesTheSameVoxels() throws {
        let first = try AnatomicalScene.make(seed: 11, view: Self.crop, otherBones: 26)
        let second = try AnatomicalScene.make(seed: 11, view: Self.crop, otherBones: 26)
        let other = try AnatomicalScene.make(seed: 12, view: Self.crop, otherBones: 26)
        #expect(first.ct == second.ct && first.labels == second.labels)
        #expect(first.ct.voxels != other.ct.voxels)
    }

    @Test func otherBonesHaveAValueOnlyWhereItIsAskedFor() throws {
        let view = AnatomicalView(
            coverage: .levels(23...25), size: [60, 50, 40], spacingInMillimetres: [4, 4, 4], isTurned: false)
        let without = try AnatomicalScene.make(seed: 5, view: view)
        let with = try AnatomicalScene.make(seed: 5, view: view, otherBones: 26)
        #expect(without.ct == with.ct)
        #expect(without.labels.voxels.allSatisfy { $0 <= 25 })
        #expect(zip(without.labels.voxels, with.labels.voxels).allSatisfy { $1 == 26 ? $0 == 0 : $0 == $1 })
        let hips = with.labels.voxels.count { $0 == 26 }
        #expect(hips > with.labels.voxels.count { $0 == 25 })
    }

    @Test(arguments: ["LPS", "RAS", "SAR", "PIR"])
    func gridFollowsTheOrientationAsked(letters: String) throws {
        let view = AnatomicalView(
            coverage: .levels(20...24), size: [56, 56, 56], spacingInMillimetres: [4, 4, 4], orientation: letters,
            isTurned: false)
        let (ct, labels) = try AnatomicalScene.make(seed: 7, view: view)
        #expect(ct.geometry.orientation.description == letters)
        #expect(ct.geometry == labels.geometry)
        let upright = labels.reoriented(to: .ras)
        let centres = Statistics.centres(upright)
        #expect(try #require(centres[20]).z > #require(centres[23]).z)
        // Processes are behind bodies: the foremost voxels of a vertebra are many at its front, few at its back.
        let size = upright.geometry.size
        var rows = [Int](repeating: 0, count: size[1])
        for voxel in upright.voxels.indices where upright.voxels[voxel] == 22 { rows[voxel / size[0] % size[1]] += 1 }
        let filled = rows.indices.filter { rows[$0] > 0 }
        let (back, front) = (try #require(filled.first), try #require(filled.last))
        let middle = (back + front) / 2
        #expect(rows[middle...front].reduce(0, +) > rows[back..<middle].reduce(0, +))
    }

    /// Over scenes of any look: the middle of the cancellous bone's medians, and how much compact bone stands out.
    @Test func bonesHaveTheHounsfieldUnitsOfPatients() throws {
        let view = AnatomicalView(
            coverage: .levels(20...23), size: [40, 44, 56], spacingInMillimetres: [2.5, 2.5, 2.5], isTurned: false)
        let medians = try (1...9).map { seed in
            let (ct, labels) = try AnatomicalScene.make(seed: UInt64(seed), view: view)
            let values = zip(ct.voxels, labels.voxels).filter { (20...24).contains($0.1) }.map(\.0).sorted()
            return values[values.count / 2]
        }
        // Of three patients at 1 to 3 mm: 75th percentiles of core and shell bound what a median can be.
        #expect((60...620).contains(medians.sorted()[medians.count / 2]), "medians \(medians)")
    }

    @Test func nonsenseIsRefused() {
        func refuses(_ view: AnatomicalView) -> Bool {
            do {
                _ = try AnatomicalScene.make(seed: 1, view: view)
                return false
            } catch {
                return error.code == .invalidConfiguration
            }
        }
        #expect(refuses(AnatomicalView(coverage: .anywhere, size: nil, spacingInMillimetres: [2, 2, 2])))
        #expect(refuses(AnatomicalView(coverage: .anywhere, size: [9, 9], spacingInMillimetres: [2, 2, 2])))
        #expect(refuses(AnatomicalView(coverage: .levels(0...4), size: nil, spacingInMillimetres: [2, 2, 2])))
        #expect(
            refuses(
                AnatomicalView(
                    coverage: .levels(1...4), size: nil, spacingInMillimetres: [2, 2, 2], orientation: "LLS")))
    }

    @Test func aFolderWithoutABankIsRefused() {
        #expect(throws: PhantomError.self) {
            try ShapeBank(folder: FileManager.default.temporaryDirectory, permissiveOnly: true)
        }
    }

    @Test func theProgramsBonesAreThoseThatWerePacked() throws {
        // Read and packed anew they are the same bytes.
        let again = try ShapeBank.packed.packed()
        #expect(again.elementsEqual(ShapeBank.packedBytes))
        #expect(again.count < 6_000_000)
    }
}
