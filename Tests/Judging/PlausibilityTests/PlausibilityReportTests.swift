import Anatomy
import Foundation
import Phantoms
import Plausibility
import TestSupport
import Testing
import Threads
import Volumes

@Suite struct PlausibilityReportTests {
    private func report(_ spine: MadeSpine, meanEntropy: [UInt8: Double] = [:]) -> PlausibilityReport {
        PlausibilityReport(spine.volume, labelSet: .spine25, meanEntropy: meanEntropy)
    }

    private func kinds(_ report: PlausibilityReport) -> [Finding.Kind] { report.findings.map(\.kind) }

    @Test func aSpineOfBoxesIsPlausible() throws {
        let report = report(MadeSpine(18...24))
        #expect(report.findings.isEmpty && !report.needsReview && report.reasons.isEmpty)
        #expect(report.vertebrae.map(\.label.name) == ["T11", "T12", "L1", "L2", "L3", "L4", "L5"])
        let first = try #require(report.vertebrae.first)
        #expect(first.voxels == 600 && abs(first.volumeInMillilitres - 4.8) < 1e-9 && first.componentCount == 1)
        #expect(first.largestShare == 1 && !first.isCut && first.meanEntropy == nil)
        // Voxels 10 … 19 of 2 mm from -30, slices 65 … 70 from 100.
        #expect(first.centroid == SIMD3(-1, -1, 235))
    }

    @Test func anEmptyLabelMapNeedsReview() {
        let report = PlausibilityReport(
            Volume(geometry: Geometry(size: [3, 4, 5], affine: .identity), repeating: 0), labelSet: .spine25)
        #expect(report.reasons == ["no vertebra was found"] && report.vertebrae.isEmpty)
    }

    @Test func valuesOutsideTheSetNeedReview() {
        var spine = MadeSpine(20...23)
        spine.fill(25, 2..<4, 2..<4, 2..<4)
        let report = PlausibilityReport(spine.volume, labelSet: .spine24)
        #expect(report.reasons == ["8 voxels have the value 25, which spine-24 does not have"])
    }

    @Test func neighboursInEachOthersPlaceViolateTheOrder() {
        let report = report(MadeSpine([20, 22, 21, 23, 24]))
        #expect(kinds(report) == [.orderViolated])
        #expect(report.findings[0].labels == [21, 22])
        #expect(report.reasons == ["L3 lies 20.0 mm above L2, expected below"])
    }

    @Test func aVertebraFarFromItsPlaceViolatesTheOrder() {
        // T12 between L3 and L4.
        let report = report(MadeSpine([18, 20, 21, 22, 19, 23]))
        #expect(kinds(report).contains(.orderViolated))
        #expect(report.findings.filter { $0.kind == .orderViolated }.map(\.labels) == [[19, 20]])
    }

    @Test func aLabelMapUpsideDownIsToldOnce() {
        let report = report(MadeSpine([24, 23, 22, 21]))
        #expect(report.reasons == ["all 4 vertebrae lie in reverse order: each above the one that comes before it"])
    }

    /// A spine that bends forward by more than a right angle: the last vertebrae lie higher than those before them.
    @Test func aBentSpineIsInOrder() {
        var volume = Volume<UInt8>(
            geometry: Geometry(size: [40, 140, 140], affine: Affine(spacingInMillimetres: [2, 2, 2])), repeating: 0)
        for (place, label) in (15...24).enumerated() {
            // On an arc of 130°.
            let angle = Double(place) / 9 * 130 / 180 * Double.pi
            let (y, z) = (20 + Int(50 - 50 * cos(angle)), 30 + Int(50 * sin(angle)))
            for k in -4...4 {
                for j in -4...4 { for i in 15...25 { volume[i, 130 - y + j, 130 - z + k] = UInt8(label) } }
            }
        }
        #expect(PlausibilityReport(volume, labelSet: .spine25).findings.isEmpty)
    }

    @Test func aMissingLevelNeedsReview() {
        #expect(
            report(MadeSpine([20, 21, 23, 24])).reasons == ["L3 is missing between L2 and L4, which are 20.0 mm apart"])
        let wide = report(MadeSpine([7, 8, 12, 13]))
        #expect(wide.findings.map(\.labels) == [[9, 10, 11]])
        #expect(wide.reasons == ["T2 to T4 are missing between T1 and T5, which are 20.0 mm apart"])
    }

    @Test func aGapWithoutAMissingLevelNeedsReview() {
        // Six vertebrae in seven places.
        var spine = MadeSpine([16, 17, 18, 99, 19, 20, 21])
        spine.fill(0, 10..<20, 10..<20, spine.slices(3))
        let report = report(spine)
        #expect(kinds(report) == [.spacingImplausible])
        #expect(report.findings[0].labels == [18, 19])
        #expect(report.reasons == ["T11 and T12 are 40.0 mm apart, 2.00 times the 20.0 mm of the pairs around"])
    }

    @Test func aVertebraInTwoLabelsNeedsReview() {
        // The lower half of L2's box is L3, and so on below it.
        var spine = MadeSpine([18, 19, 20, 21, 23, 24])
        let slices = spine.slices(3)
        spine.fill(22, 10..<20, 10..<20, slices.lowerBound..<slices.lowerBound + 3)
        let report = report(spine)
        #expect(Set(kinds(report)) == [.spacingImplausible])
        #expect(report.findings.contains { $0.labels == [21, 22] })
    }

    @Test func oneLabelAtTwoPlacesIsADuplicate() {
        // L1 twice, no T12: no farther apart than where one vertebra may be.
        let report = report(MadeSpine([17, 18, 20, 20, 21]))
        #expect(kinds(report) == [.levelMissing, .fragmented] && report.reasons.count == 2)
        var apart = MadeSpine([18, 19, 20, 21, 22])
        apart.fill(19, 10..<20, 10..<20, apart.slices(4))
        let duplicated = PlausibilityReport(apart.volume, labelSet: .spine25)
        #expect(kinds(duplicated) == [.labelDuplicated])
        #expect(duplicated.reasons == ["T12 is at two places 60.0 mm apart, the second 1.00 times as large"])
    }

    @Test(arguments: [(6, false), (8, true)])
    func aVertebraMuchSmallerThanItsNeighboursNeedsReview(cutAway: Int, isFound: Bool) {
        var spine = MadeSpine(18...24)
        // 4.8 ml, the others too: 0.4 · 10 / 10 of it is left, or 0.2.
        spine.fill(0, 10..<10 + cutAway - 1, 10..<20, spine.slices(3))
        let report = report(spine)
        #expect(kinds(report) == (isFound ? [.volumeImplausible] : []) || cutAway == 6)
        #expect(isFound == report.reasons.contains("L2 has 1.4 ml, 0.30 times the 4.8 ml of the vertebrae around"))
    }

    @Test func aCrumbNeedsReviewEvenAlone() {
        var volume = Volume<UInt8>(geometry: Geometry(size: [20, 20, 20], affine: .identity), repeating: 0)
        volume[10, 10, 10] = 22
        #expect(PlausibilityReport(volume, labelSet: .spine25).reasons == ["L3 has 0.0 ml, expected 1.0 to 150.0"])
    }

    @Test func aCutVertebraIsToldAndNotJudgedBySize() {
        var spine = MadeSpine(18...24)
        // Only the lowest two slices of L5 are left, at the grid's edge.
        spine.fill(0, 0..<30, 0..<30, 0..<30)
        spine.fill(23, 10..<20, 10..<20, spine.slices(5))
        spine.fill(24, 10..<20, 10..<20, 0..<2)
        spine.fill(22, 10..<20, 10..<20, spine.slices(4))
        let report = report(spine)
        #expect(kinds(report) == [.cutByFieldOfView] && !report.needsReview)
        #expect(
            report.findings[0].sentence == "L5 reaches the edge of the field of view"
                && report.findings[0].labels == [24])
    }

    @Test func piecesAreToldAndManyNeedReview() {
        var spine = MadeSpine(20...24)
        spine.fill(22, 22..<24, 10..<20, spine.slices(2).prefix(1))
        let few = report(spine)
        #expect(kinds(few) == [.fragmented] && !few.needsReview)
        #expect(few.findings[0].sentence == "L3 is in 2 pieces, 3.2 % of it outside the largest")
        spine.fill(22, 22..<24, 10..<20, spine.slices(2).prefix(3))
        #expect(report(spine).reasons == ["L3 is in 2 pieces, 9.1 % of it outside the largest"])
    }

    /// Body and spinous process of a vertebra that the field of view cuts are no fragments, and no duplicate.
    @Test func piecesOfACutVertebraNeedNoReview() {
        var spine = MadeSpine(20...24)
        spine.fill(24, 10..<20, 10..<20, 0..<5)
        spine.fill(24, 10..<20, 25..<30, 0..<5)
        let report = report(spine)
        #expect(kinds(report) == [.fragmented, .cutByFieldOfView] && !report.needsReview)
    }

    @Test func anUnsureNetworkNeedsReview() {
        let report = report(MadeSpine(20...23), meanEntropy: [20: 0.15, 21: 0.31, 23: 0.2])
        #expect(
            report.reasons == ["the network was unsure of L2 (0.31), L4 (0.20): mean entropy expected at most 0.15"])
        #expect(
            report.findings[0].labels == [21, 23] && report.vertebrae.map(\.meanEntropy) == [0.15, 0.31, nil, 0.2])
    }

    @Test(arguments: [1, 2, 3, 4])
    func phantomsArePlausible(seed: UInt64) throws {
        for configuration in [
            PhantomConfiguration(coverage: .levels(1...25), spacingInMillimetres: [3, 3, 3]), .lumbar,
        ] {
            let (_, labels) = try Phantom.make(seed: seed, configuration: configuration)
            let report = PlausibilityReport(labels, labelSet: .spine25)
            #expect(report.reasons == [])
            #expect(report == PlausibilityReport(labels, labelSet: .spine25, pool: ComputePool(threads: 1)))
        }
    }

    /// What a ground truth may have that was made by hand.
    enum Slip: CaseIterable {
        case swapped, split, removed, mergedIntoNeighbour, emptied

        /// L2 = 21, L3 = 22, L4 = 23.
        func applied(to labels: Volume<UInt8>) -> Volume<UInt8> {
            switch self {
            case .swapped: return labels.map { $0 == 21 ? 22 : $0 == 22 ? 21 : $0 }
            case .removed: return labels.map { $0 == 22 ? 0 : $0 }
            case .mergedIntoNeighbour: return labels.map { $0 == 22 ? 23 : $0 }
            case .emptied: return labels.map { _ in 0 }
            case .split:
                var labels = labels
                let slices = (0..<labels.geometry.size[2]).filter { k in
                    labels.voxels[labels.slice(k)].contains(22)
                }
                let middle = labels.slice(slices[slices.count / 2])
                for index in middle where labels.voxels[index] == 22 { labels.voxels[index] = 0 }
                return labels
            }
        }

        var kinds: [Finding.Kind] {
            switch self {
            case .swapped: [.orderViolated]
            // Body and arch part where it is cut: its halves lie as far from each other as neighbours do.
            case .split: [.labelDuplicated]
            case .removed: [.levelMissing]
            case .mergedIntoNeighbour: [.levelMissing, .volumeImplausible]
            case .emptied: [.nothingFound]
            }
        }
    }

    @Test(arguments: Slip.allCases)
    func aPhantomThatWasSpoiltIsFoundOut(_ slip: Slip) throws {
        let whole = PhantomConfiguration(coverage: .levels(18...25), spacingInMillimetres: [3, 3, 3])
        let (_, labels) = try Phantom.make(seed: 1, configuration: whole)
        let report = PlausibilityReport(slip.applied(to: labels), labelSet: .spine25)
        #expect(report.findings.filter { $0.severity == .review }.map(\.kind) == slip.kinds, "\(report.reasons)")
    }

    /// A silver standard: what a good network predicts on patients.
    @Test(arguments: ["abdomen-pelvis-3mm/labels.nii.gz", "abdomen-series/labels.nii.gz", "lumbar-crop/labels.nii.gz"])
    func predictionsOnPatientsArePlausible(file: String) throws {
        guard let url = Fixtures.data(file) else { return }
        let report = PlausibilityReport(try NIfTI.readLabels(url), labelSet: .spine25)
        #expect(report.reasons == [])
        #expect(report.findings.contains { $0.kind == .cutByFieldOfView })
    }
}
