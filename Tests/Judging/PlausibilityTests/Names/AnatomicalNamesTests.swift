import Anatomy
import Plausibility
import Statistics
import Testing
import Threads
import Volumes

struct AnatomicalNamesTests {
    private static let neckToSacrum =
        (1...7).map { "C\($0)" } + (1...12).map { "T\($0)" } + (1...5).map { "L\($0)" } + ["sacrum"]
    private static let lumbar = ["T11", "T12", "L1", "L2", "L3", "L4", "L5", "sacrum"]

    private func values(_ names: [String]) -> [UInt8] { names.map { LabelSet.spine25.value(of: $0) ?? 0 } }

    private func named(_ column: MadeColumn) -> AnatomicalNames {
        AnatomicalNames(column.volume, labelSet: .spine25)
    }

    private func kinds(_ names: AnatomicalNames) -> [Finding.Kind] { names.findings.map(\.kind) }

    // MARK: Right names

    @Test(arguments: [neckToSacrum, lumbar, ["L2"], ["T4", "T5", "T6", "T7", "T8"], ["C1", "C2", "C3", "C4"]])
    func rightNamesStay(bones: [String]) {
        let column = MadeColumn(bones)
        let result = named(column)
        #expect(result.labels == column.volume && result.changedVoxels == 0)
        #expect(result.vertebrae.map(\.name) == bones)
        let isAnchored = bones.contains("sacrum") || bones.contains("C1")
        #expect(kinds(result) == (isAnchored ? [] : [.namesUnanchored]))
    }

    @Test func anEmptyMapHasNoNames() {
        let column = MadeColumn(["L1"], called: [0])
        let result = named(column)
        #expect(result.labels == column.volume && result.vertebrae.isEmpty && result.findings.isEmpty)
        #expect(result.margin == nil)
    }

    @Test func valuesOutsideTheSetStay() {
        var column = MadeColumn(Self.lumbar, called: values(["T10", "T11", "T12", "L1", "L2", "L3", "L4", "sacrum"]))
        column.fill(200, 0..<3, 0..<3, 0..<10)
        let result = named(column)
        #expect(column.names(in: result.labels) == Self.lumbar)
        #expect(result.labels.voxels.count { $0 == 200 } == 90)
    }

    /// Of two vertebrae in a thin slab, wider than long, the file's own direction counts (a real case: T11 and T12 in
    /// 40 mm, where the widest direction was taken for the spine's).
    @Test func aThinSlabIsNoSpineThatLiesAcross() {
        var column = MadeColumn(["T11", "T12"])
        for (bone, label) in [(0, UInt8(18)), (1, UInt8(19))] {
            let slices = column.slices[bone]
            column.fill(label, 0..<40, 16..<22, slices.lowerBound + 2..<slices.upperBound - 2)
        }
        let result = named(column)
        #expect(result.labels == column.volume)
        #expect(kinds(result) == [.namesUnanchored])
    }

    // MARK: What networks do wrong

    @Test func aVertebraWithTwoNamesGetsOne() {
        var column = MadeColumn(Self.lumbar)
        let l3 = column.slices[4]
        column.rename(23, l3.lowerBound..<l3.lowerBound + l3.count / 3)
        let result = named(column)
        #expect(column.names(in: result.labels) == Self.lumbar)
        #expect(result.labels == MadeColumn(Self.lumbar).volume)
        #expect(result.vertebrae[4].because.contains("2 pieces make one vertebra"))
    }

    @Test func twoVertebraeWithOneNameGetTwo() {
        // The network counts T12 twice, and everything above it is one level off.
        let said = ["T12", "T12", "L1", "L2", "L3", "L4", "L5", "sacrum"]
        let column = MadeColumn(Self.lumbar, called: values(said))
        let result = named(column)
        #expect(column.names(in: result.labels) == Self.lumbar)
        #expect(kinds(result) == [.namesChanged])
    }

    @Test func twoVertebraeThatAreOnePieceAreCutApart() {
        var column = MadeColumn(Self.lumbar)
        // L2 and L3 hang together by their joints, and both are L2.
        let (l2, l3) = (column.slices[3], column.slices[4])
        column.fill(21, 18..<22, 8..<14, l3.upperBound..<l2.lowerBound)
        column.rename(21, l3.lowerBound..<l2.upperBound)
        let result = named(column)
        #expect(column.names(in: result.labels) == Self.lumbar)
        let right = MadeColumn(Self.lumbar).volume
        let wrong = zip(result.labels.voxels, right.voxels).count { $0 != $1 && $1 != 0 }
        #expect(wrong == 0, "\(wrong) voxels of L2 and L3 on the other's side")
    }

    @Test func aSpineThatIsOneLevelOffIsCountedFromTheSacrum() {
        let said = ["T10", "T11", "T12", "L1", "L2", "L3", "L4", "sacrum"]
        let column = MadeColumn(Self.lumbar, called: values(said))
        let result = named(column)
        #expect(column.names(in: result.labels) == Self.lumbar)
        #expect(kinds(result) == [.namesChanged])
        #expect(
            result.findings[0].sentence.hasPrefix("the network's T10 to L4 are T11 to L5 by anatomy: L5 because"),
            "\(result.findings[0].sentence)")
        #expect(result.vertebrae[6].because.contains("which is 1 level too high here"))
        #expect(result.vertebrae[6].because.contains("it lies 1st above the sacrum"))
    }

    @Test func aWholeSpineThatIsOffIsCountedFromTheAxisToo() {
        var said = Self.neckToSacrum
        // From T3 on down everything has the name of the one above; the sacrum is a sacrum.
        for place in 9..<24 { said[place] = Self.neckToSacrum[place - 1] }
        let column = MadeColumn(Self.neckToSacrum, called: values(said))
        #expect(column.names(in: named(column).labels) == Self.neckToSacrum)
    }

    @Test func namesWithoutAnAnchorAreTheNetworks() {
        let said = ["T5", "T6", "T7", "T8", "T9"]
        let column = MadeColumn(["T4", "T5", "T6", "T7", "T8"], called: values(said))
        let result = named(column)
        #expect(result.labels == column.volume)
        #expect(kinds(result) == [.namesUnanchored])
    }

    @Test func crumbsGoWithTheirVertebra() {
        var column = MadeColumn(Self.lumbar, called: values(["T10", "T11", "T12", "L1", "L2", "L3", "L4", "sacrum"]))
        // Of what the network calls L2, beside the bone that is L3.
        let l3 = column.slices[4]
        column.fill(21, 1..<3, 12..<14, l3.lowerBound..<l3.lowerBound + 2)
        let result = named(column)
        #expect(result.labels[1, 12, l3.lowerBound] == 22)
    }

    /// Too small to be a vertebra, but where the next one would be: T10's lower edge at the end of the field of view.
    @Test func aSliverOfTheNextVertebraKeepsItsName() {
        var column = MadeColumn(Self.lumbar)
        let planes = column.volume.geometry.size[2]
        column.fill(17, 18..<21, 20..<23, planes - 3..<planes)
        #expect(named(column).labels == column.volume)
    }

    @Test func aSmallAtlasKeepsItsName() {
        var column = MadeColumn(["C2", "C3", "C4", "C5"])
        let planes = column.volume.geometry.size[2]
        column.fill(1, 17..<22, 18..<24, planes - 6..<planes - 1)
        #expect(named(column).labels == column.volume)
    }

    @Test(arguments: [7, 16] as [UInt8]) func aCrumbWithANameFromFarOffGoesWithTheNearestBone(label: UInt8) {
        // C7 or T9 above T11.
        var column = MadeColumn(Self.lumbar)
        let planes = column.volume.geometry.size[2]
        column.fill(label, 18..<21, 20..<23, planes - 3..<planes)
        #expect(named(column).labels[19, 21, planes - 1] == 18)
    }

    // MARK: What patients have

    @Test func aThirteenthThoracicVertebraIsTold() {
        var bones = Self.neckToSacrum
        bones.insert("T13", at: 19)
        var said = Self.neckToSacrum
        said.insert("T12", at: 19)
        let column = MadeColumn(bones, called: values(said))
        let result = named(column)
        var expected = Self.neckToSacrum
        expected.insert("background", at: 19)
        #expect(column.names(in: result.labels) == expected)
        #expect(kinds(result).contains(.numberingUnusual))
        #expect(result.findings[0].sentence.contains("counted as T13"))
        #expect(result.vertebrae[19].name == "T13" && result.vertebrae[19].value == nil)
    }

    @Test func aSixthLumbarVertebraIsTold() {
        var bones = Self.neckToSacrum
        bones.insert("L6", at: 24)
        var said = Self.neckToSacrum
        said.insert("L5", at: 24)
        let column = MadeColumn(bones, called: values(said))
        let result = named(column)
        #expect(column.names(in: result.labels) == Self.neckToSacrum.dropLast() + ["background", "sacrum"])
        #expect(result.findings.contains { $0.kind == .numberingUnusual && $0.sentence.contains("counted as L6") })
    }

    @Test func aMissingTwelfthThoracicVertebraIsTold() {
        let bones = Self.neckToSacrum.filter { $0 != "T12" }
        let column = MadeColumn(bones)
        let result = named(column)
        #expect(column.names(in: result.labels) == bones)
        #expect(
            result.findings.contains {
                $0.kind == .numberingUnusual && $0.severity == .review
                    && $0.sentence.contains("T12 seems to be missing")
            })
    }

    @Test func aVertebraThatWasNotSegmentedLeavesAGap() {
        let column = MadeColumn(Self.neckToSacrum, called: values(Self.neckToSacrum.map { $0 == "T8" ? "" : $0 }))
        let result = named(column)
        #expect(result.labels == column.volume)
        #expect(!kinds(result).contains(.numberingUnusual))
        #expect(result.vertebrae[14].because.contains("with one between that is not segmented"))
    }

    // MARK: Which way is up

    @Test func aSpineUpsideDownKeepsItsNamesAndIsTold() {
        var column = MadeColumn(Self.lumbar)
        column.volume.geometry.affine = Affine(
            columns: [SIMD3(-2, 0, 0), SIMD3(0, 2, 0), SIMD3(0, 0, -2)], origin: SIMD3(40, -60, 700))
        let result = named(column)
        #expect(result.labels == column.volume)
        #expect(kinds(result) == [.orientationContradicted])
        #expect(result.findings[0].severity == .review)
    }

    @Test(arguments: [
        [SIMD3(0, 2, 0), SIMD3(0, 0, 2), SIMD3(2, 0, 0)], [SIMD3(0, 0, 2), SIMD3(2, 0, 0), SIMD3(0, -2, 0)],
    ])
    func aSpineAcrossTheHeadFootDirectionIsTold(columns: [SIMD3<Double>]) {
        var column = MadeColumn(Self.lumbar)
        column.volume.geometry.affine = Affine(columns: columns, origin: .zero)
        let result = named(column)
        #expect(result.labels == column.volume)
        #expect(kinds(result).first == .orientationContradicted)
    }

    /// The same spine stored in other orders of axes gets the same names.
    @Test(arguments: ["RAS", "LPI", "SAR", "PIR"])
    func theOrderOfVoxelsDoesNotMatter(orientation: String) throws {
        let said = ["T10", "T11", "T12", "L1", "L2", "L3", "L4", "sacrum"]
        let column = MadeColumn(Self.lumbar, called: values(said))
        let turned = column.volume.reoriented(to: try #require(Orientation(orientation)))
        let result = AnatomicalNames(turned, labelSet: .spine25)
        let ras = try #require(Orientation("RAS"))
        #expect(result.labels.reoriented(to: ras).voxels == named(column).labels.voxels)
        #expect(column.names(in: named(column).labels) == Self.lumbar)
    }

    // MARK: More than the winner of each voxel

    @Test func votesDecideWhereLabelsDoNot() {
        // By label all are L1; the network thinks of each what it is, only a little less than L1.
        let column = MadeColumn(Self.lumbar, called: Self.lumbar.map { _ in 20 })
        let cells = column.slices.enumerated().map { place, slices in
            var votes = [Float](repeating: 0, count: 26)
            votes[20] = 0.5
            votes[Int(values([Self.lumbar[place]])[0])] += 0.4
            let middle = SIMD3(20, 15, Double(slices.lowerBound + slices.upperBound) / 2)
            return LevelVotes.Cell(
                point: column.volume.geometry.affine.applied(to: middle), voxels: 10, votes: votes.map { 10 * $0 })
        }
        let result = AnatomicalNames(column.volume, labelSet: .spine25, votes: LevelVotes(cells: cells))
        #expect(column.names(in: result.labels) == Self.lumbar)
    }

    @Test func namesThatDoNotHangTogetherAreCountedAnew() {
        // Every voxel has the name of its bone, or of one up to two away, by chance.
        var column = MadeColumn(Self.neckToSacrum)
        var random = SplitMix64(seed: 5)
        for place in column.volume.voxels.indices where (1...24).contains(column.volume.voxels[place]) {
            let off = Int(random.next() % 5) - 2
            column.volume.voxels[place] = UInt8(min(24, max(1, Int(column.volume.voxels[place]) + off)))
        }
        let result = named(column)
        #expect(column.names(in: result.labels) == Self.neckToSacrum)
        let right = MadeColumn(Self.neckToSacrum).volume
        #expect(zip(result.labels.voxels, right.voxels).count { $0 != $1 } == 0)
    }

    @Test func threadsDoNotMatter() {
        let column = MadeColumn(Self.lumbar, called: values(["T12", "T12", "L1", "L2", "L3", "L4", "L5", "sacrum"]))
        let one = AnatomicalNames(column.volume, labelSet: .spine25, pool: ComputePool(threads: 1))
        let many = AnatomicalNames(column.volume, labelSet: .spine25, pool: ComputePool(threads: 3))
        #expect(one.labels == many.labels && one.findings == many.findings && one.vertebrae == many.vertebrae)
    }
}
