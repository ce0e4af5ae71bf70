import Anatomy
import Foundation
import Reports
import TestSupport
import Testing
import Volumes

@Suite struct CaseSlicesTests {
    private func slices(through label: UInt8?) throws -> CaseSlices {
        try CaseSlices(
            MadeReport.images(CaseReference(caseName: "a", modelName: "b")), through: label, labelSet: .spine25)
    }

    /// The volume is 40 × 40 × 60 mm at 3 pixels a millimetre; L4 is at 12 ..< 28 in truth and one millimetre to the
    /// right in the prediction.
    @Test func errorsAreWhereTheyBelong() throws {
        let axial = try slices(through: 23).planes[2].errors
        #expect(axial.width == 120 && axial.height == 120)
        // Patient right, where i grows to, is on image left: voxel i is at 3 · (40 − i) − 2.
        func entry(_ i: Int, _ j: Int) -> IndexedRaster.Entry { axial[3 * (40 - i) - 2, 3 * (40 - j) - 2] }
        #expect(entry(20, 20) == VoxelError.truePositive.entry)
        #expect(entry(28, 20) == VoxelError.falsePositive.entry)
        #expect(entry(12, 20) == VoxelError.falseNegative.entry)
        #expect(entry(5, 5).opacity == 0)
    }

    @Test func aMissedClassIsYellowAndSlicesGoThroughIt() throws {
        let slices = try slices(through: 24)
        let colours = Set(slices.planes[2].errors.pixels)
        #expect(colours == [VoxelError.none.rawValue, VoxelError.falseNegative.rawValue])
        #expect(Set(slices.planes[2].truth.pixels).count == 3 && Set(slices.planes[2].prediction.pixels) == [0])
    }

    @Test func wrongLabelsAreStriped() throws {
        var images = MadeReport.images(CaseReference(caseName: "a", modelName: "b"))
        images.prediction = images.truth.map { $0 == 23 ? 22 : $0 }
        let errors = try CaseSlices(images, through: 23, labelSet: .spine25).planes[2].errors
        let stripe = UInt8(VoxelError.allCases.count)
        #expect(Set(errors.pixels) == [VoxelError.none.rawValue, VoxelError.wrongLabel.rawValue, stripe])
    }

    @Test(arguments: ["RAS", "LPS", "SAL", "IRP"]) func slicesDoNotDependOnTheOrderOfAxes(_ name: String) throws {
        let orientation = try #require(Orientation(name))
        var images = MadeReport.images(CaseReference(caseName: "a", modelName: "b"))
        let own = try slices(through: 23).planes
        images.ct = images.ct.reoriented(to: orientation)
        images.truth = images.truth.reoriented(to: orientation)
        images.prediction = images.prediction.reoriented(to: orientation)
        let turned = try CaseSlices(images, through: 23, labelSet: .spine25).planes
        for (one, other) in zip(own, turned) {
            let isSame =
                one.grey == other.grey && one.errors == other.errors && one.truth == other.truth
                && one.prediction == other.prediction
            #expect(isSame)
        }
    }

    @Test func longSpinesAreCutToWhatIsAroundTheClass() throws {
        let grid = Geometry(size: [20, 20, 300], affine: Affine(spacingInMillimetres: [2, 2, 2]))
        var labels = Volume<UInt8>(geometry: grid, repeating: 0)
        for k in 5..<295 { labels[10, 10, k] = UInt8(1 + k / 12) }
        let images = CaseImages(
            caseName: "a", modelName: "b", ct: Volume(geometry: grid, repeating: 0), truth: labels, prediction: labels)
        // 260 mm in 380 pixels, against 600 mm.
        #expect(try CaseSlices(images, through: 20, labelSet: .spine25).planes[0].grey.height == 380)
        #expect(try CaseSlices(images, through: 20, labelSet: .spine25).planes[0].grey.width == 58)
        #expect(try CaseSlices(images, through: nil, labelSet: .spine25).planes[0].grey.width == 25)
    }
}
