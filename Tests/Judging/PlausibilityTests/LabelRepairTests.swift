import Anatomy
import Plausibility
import Testing
import Threads
import Volumes

@Suite struct LabelRepairTests {
    private func repair(_ spine: MadeSpine) -> LabelRepair { LabelRepair(spine.volume, labelSet: .spine25) }

    private func isSame(_ one: Volume<UInt8>, _ other: Volume<UInt8>) -> Bool { one == other }

    @Test func aPlausibleSpineStaysAsItIs() {
        let spine = MadeSpine(18...24)
        let repair = repair(spine)
        #expect(repair.steps.isEmpty && isSame(repair.labels, spine.volume))
    }

    @Test func crumbsAreRemoved() {
        let spine = MadeSpine(20...24)
        var crumbled = spine
        crumbled.fill(22, 23..<25, 10..<12, 30..<32)
        crumbled.fill(22, 27..<28, 10..<11, 40..<41)
        let repair = repair(crumbled)
        #expect(repair.steps.map(\.kind) == [.fragmentsRemoved])
        #expect(repair.steps.first?.labels == [22] && repair.steps.first?.voxels == 9)
        #expect(
            repair.steps.first?.sentence == "2 pieces of L3 with 9 voxels were removed, 600 are left in the largest")
        #expect(isSame(repair.labels, spine.volume))
    }

    @Test func dustBeyondTheListedComponentsIsRemovedToo() {
        let spine = MadeSpine(20...24)
        var dusty = spine
        for j in 0..<30 where j % 2 == 0 { for k in [2, 12] { dusty.fill(22, 25..<26, j..<j + 1, k..<k + 1) } }
        let repair = repair(dusty)
        #expect(repair.steps.map(\.voxels) == [30] && isSame(repair.labels, spine.volume))
    }

    /// The upper part of L3's box bears the label of L2: the network's usual mistake.
    @Test func aPieceThatAdjoinsTheNeighbourGoesToIt() {
        let spine = MadeSpine(20...24)
        var bled = spine
        let slices = spine.slices(2)
        bled.fill(21, 10..<20, 10..<20, slices.upperBound - 1..<slices.upperBound)
        let repair = repair(bled)
        #expect(repair.steps.map(\.kind) == [.fragmentsRelabelled])
        #expect(repair.steps.first?.labels == [21, 22] && repair.steps.first?.voxels == 100)
        #expect(repair.steps.first?.sentence == "a piece of L2 with 100 voxels went to L3, which it adjoins")
        #expect(isSame(repair.labels, spine.volume))
    }

    /// A piece that adjoins nothing, one two thirds of its own vertebra's size, one within a vertebra two levels away,
    /// a quarter of a label in crumbs.
    @Test func whatIsAmbiguousStays() {
        var between = MadeSpine(20...24)
        between.fill(20, 10..<20, 10..<20, 20..<25)
        var half = MadeSpine(20...24)
        half.fill(21, 10..<20, 10..<20, half.slices(2).suffix(4))
        var far = MadeSpine(20...24)
        far.fill(20, 10..<20, 10..<20, far.slices(3).suffix(1))
        far.fill(20, 10..<20, 20..<22, far.slices(3).suffix(1))
        var shattered = MadeSpine(20...24)
        for place in 0..<8 {
            shattered.fill(22, 22 + place % 2 * 4..<24 + place % 2 * 4, 0..<12, place * 6..<place * 6 + 1)
        }
        for spine in [between, half, far, shattered] {
            let repair = repair(spine)
            #expect(repair.steps.isEmpty && isSame(repair.labels, spine.volume), "\(repair.steps)")
        }
    }

    /// Body and spinous process of a vertebra may meet outside.
    @Test func piecesAtTheEdgeOfTheFieldOfViewStay() {
        var spine = MadeSpine(20...24)
        spine.fill(24, 10..<20, 10..<20, 0..<5)
        spine.fill(24, 14..<16, 25..<27, 0..<5)
        let repair = repair(spine)
        #expect(repair.steps.isEmpty && isSame(repair.labels, spine.volume))
    }

    @Test func neighboursInEachOthersPlaceAreSwapped() {
        let repair = repair(MadeSpine([20, 22, 21, 23, 24]))
        #expect(repair.steps.map(\.kind) == [.neighboursSwapped])
        #expect(repair.steps.first?.labels == [21, 22] && repair.steps.first?.voxels == 1200)
        #expect(isSame(repair.labels, MadeSpine(20...24).volume))
        let atTheEnd = self.repair(MadeSpine([19, 20, 22, 21]))
        #expect(isSame(atTheEnd.labels, MadeSpine(19...22).volume))
    }

    @Test(
        arguments: [[21, 20], [24, 23, 22, 21], [20, 23, 21, 22], [20, 22, 24, 21, 23], [18, 20, 22, 21]] as [[UInt8]])
    func otherDisordersStay(levels: [UInt8]) {
        let spine = MadeSpine(levels)
        let repair = repair(spine)
        guard levels != [18, 20, 22, 21] else { return #expect(repair.steps.map(\.kind) == [.neighboursSwapped]) }
        #expect(repair.steps.isEmpty && isSame(repair.labels, spine.volume), "\(repair.steps)")
    }

    @Test func valuesOutsideTheSetStay() {
        var spine = MadeSpine(20...24)
        spine.fill(200, 2..<4, 2..<4, 2..<4)
        spine.fill(200, 25..<26, 25..<26, 20..<21)
        #expect(isSame(repair(spine).labels, spine.volume))
    }

    @Test func repairsDoNotDependOnTheNumberOfThreads() {
        var spine = MadeSpine([20, 22, 21, 23, 24])
        spine.fill(22, 23..<25, 10..<12, 30..<32)
        let one = LabelRepair(spine.volume, labelSet: .spine25, pool: ComputePool(threads: 1))
        let four = LabelRepair(spine.volume, labelSet: .spine25, pool: ComputePool(threads: 4))
        #expect(one.steps == four.steps && one.steps.count == 2 && isSame(one.labels, four.labels))
    }
}
