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
        // Arches of the neck are thinner than these voxels: parts of them may come off.
        #expect(report.findings.filter { $0.severity == .review && $0.kind != .fragmented } == [])
        // Between centres of mass of neighbours, by what 140 patients have, three deviations and the bodies' sizes off.
        for (index, (low, high)) in Self.gaps.enumerated() {
            let gap = (report.vertebrae[index].centroid - report.vertebrae[index + 1].centroid).length
            #expect((low * 0.72...high * 1.28).contains(gap), "\(index + 1): \(gap) mm")
        }
        let shares = report.vertebrae.map(\.largestShare)
        #expect(shares.allSatisfy { $0 > 0.85 } && shares.count { $0 < 0.97 } <= 1, "largest pieces \(shares)")
    }

    /// Mean gaps C1–C2 to L4–L5 of centres of mass, less and more two deviations, mm.
    private static let gaps: [(Double, Double)] = [
        (13, 21.2), (15.3, 21.6), (11.9, 19.8), (12.4, 19.7), (13.1, 19.1), (14.5, 20.9), (16.4, 21.2), (17.5, 24.3),
        (19.2, 25.3), (19.4, 25.3), (20, 25.6), (20.5, 26.4), (20.9, 27.1), (21.3, 27.3), (21.9, 27.9), (22.5, 28.8),
        (24.1, 31.1), (26.1, 33.5), (27.3, 36.7), (28.7, 38.1), (29.2, 39), (28.5, 39.1), (26.3, 37),
    ]

    /// As training sees them, turned and cut: only labels of the set, each in one piece but for what the window cuts off.
    @Test func cropsShowNeighboursOfOneLine() throws {
        for seed: UInt64 in 100..<112 {
            let (ct, labels) = try AnatomicalScene.make(seed: seed, view: Self.crop)
            #expect(labels.voxels.allSatisfy { $0 <= 25 })
            #expect(zip(labels.geometry.size, [40, 40, 40]).allSatisfy { $0 <= $1 && $0 >= 20 })
            #expect(ct.geometry == labels.geometry)
            let whole = PlausibilityReport(labels, labelSet: .spine25).vertebrae.filter { !$0.isCut }
            let values = whole.map(\.label.value)
            #expect(zip(values, values.dropFirst()).allSatisfy { $1 == $0 + 1 }, "seed \(seed): \(values)")
        }
    }

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

    /// Measured on three patients (hu-statistics.json of the bank), 5th to 95th percentile of the core deeper than 5 mm
    /// and of the shell: the middle scene's median lies within.
    @Test func bonesHaveTheHounsfieldUnitsOfPatients() throws {
        let view = AnatomicalView(
            coverage: .levels(20...23), size: [40, 44, 56], spacingInMillimetres: [2.5, 2.5, 2.5], isTurned: false)
        var (cores, shells): ([Int16], [Int16]) = ([], [])
        for seed: UInt64 in 1...9 {
            let (ct, labels) = try AnatomicalScene.make(seed: seed, view: view)
            let (core, shell) = Self.layers(labels)
            cores.append(core.map { ct.voxels[$0] }.sorted()[core.count / 2])
            shells.append(shell.map { ct.voxels[$0] }.sorted()[shell.count / 2])
        }
        #expect((39...258).contains(cores.sorted()[4]), "cores \(cores)")
        #expect((110...604).contains(shells.sorted()[4]), "shells \(shells)")
    }

    /// Voxels of lumbar vertebrae that are surrounded by two more of their own on every axis, and those at a border.
    private static func layers(_ labels: Volume<UInt8>) -> (core: [Int], shell: [Int]) {
        let (row, slice) = (labels.geometry.size[0], labels.geometry.size[0] * labels.geometry.size[1])
        let voxels = labels.voxels
        var (core, shell): ([Int], [Int]) = ([], [])
        for voxel in 2 * slice..<voxels.count - 2 * slice where (20...24).contains(voxels[voxel]) {
            let steps = [1, row, slice]
            if steps.allSatisfy({ step in [-2, -1, 1, 2].allSatisfy { voxels[voxel + $0 * step] == voxels[voxel] } }) {
                core.append(voxel)
            } else if steps.contains(where: { voxels[voxel - $0] == 0 || voxels[voxel + $0] == 0 }) {
                shell.append(voxel)
            }
        }
        return (core, shell)
    }

    /// No fault of whoever asked for its scenes: a training waits for a worker that has it.
    @Test(arguments: [[:], ["COLUMNA_SHAPE_BANK": ""], ["COLUMNA_SHAPE_BANK": "/nowhere"]] as [[String: String]])
    func aBankThatThisMachineLacksIsASettingsFault(environment: [String: String]) {
        let error = #expect(throws: PhantomError.self) { try ShapeBank.outside(environment) }
        #expect(error?.blame == .setting && error?.description.contains("COLUMNA_SHAPE_BANK") == true)
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
