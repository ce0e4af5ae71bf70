import Anatomy
import Faults
import Foundation
import Reports
import TestSupport
import Testing
import Volumes

@Suite struct SpinePictureTests {
    /// Real CT with the axes P, I, R.
    private func lumbar() throws -> (ct: Volume<Float>, labels: Volume<UInt8>) {
        (
            try NIfTI.readImage(Fixtures.url("volumes/lumbar-ct.nii.gz")),
            try NIfTI.readLabels(Fixtures.url("volumes/lumbar-labels.nii.gz"))
        )
    }

    @Test(arguments: ["RAS", "LPS", "SAL", "IRP"]) func thePictureDoesNotDependOnTheOrderOfAxes(_ name: String) throws {
        let (ct, labels) = try lumbar()
        let orientation = try #require(Orientation(name))
        let picture = SpinePicture()
        let own = try picture.raster(ct: ct, labels: labels)
        #expect(
            try picture.raster(ct: ct.reoriented(to: orientation), labels: labels.reoriented(to: orientation)) == own)
    }

    @Test func aTruthAddsAColumn() throws {
        let (ct, labels) = try lumbar()
        let two = try SpinePicture().raster(ct: ct, labels: labels)
        let three = try SpinePicture().raster(ct: ct, labels: labels, truth: labels)
        #expect((three.width - 8) * 2 == (two.width - 8) * 3 && three.height == two.height)
    }

    /// A bright box in the patient's right, front, upper corner of an otherwise dark volume.
    @Test func patientRightAndFrontAreOnImageLeft() throws {
        let grid = Geometry(size: [20, 30, 10], affine: Affine(spacingInMillimetres: [3, 2, 6]))
        var ct = Volume<Float>(geometry: grid, repeating: -1000)
        for k in 5..<10 { for j in 15..<30 { for i in 10..<20 { ct[i, j, k] = 3000 } } }
        let raster = try SpinePicture().raster(ct: ct, labels: Volume(geometry: grid, repeating: 0))
        // Every panel is 60 mm by 60 mm at 4 pixels/mm: 240 pixels; rows begin at y = 30 and are 248 apart.
        for row in 0..<3 {
            let (left, top) = (8, 30 + 248 * row)
            #expect(raster[left + 60, top + 60] == .white, "row \(row)")
            #expect(
                raster[left + 180, top + 60] == .black && raster[left + 60, top + 180] == .black
                    && raster[left + 180, top + 180] == .black)
        }
    }

    @Test func labelsHaveTheirColours() throws {
        let grid = Geometry(size: [60, 60, 60], affine: .identity)
        var labels = Volume<UInt8>(geometry: grid, repeating: 0)
        for k in 20..<40 { for j in 20..<40 { for i in 20..<40 { labels[i, j, k] = 22 } } }
        let raster = try SpinePicture().raster(ct: Volume(geometry: grid, repeating: -1000), labels: labels)
        let l3 = try #require(LabelSet.spine25.colour(of: 22))
        let legend = (0..<raster.height).contains { y in (0..<9).allSatisfy { raster[8 + $0, y] == l3 } }
        #expect(legend)
        let plain = (0..<raster.height).contains { y in
            (0..<raster.width).contains { x in
                let pixel = raster[x, y]
                return abs(Double(pixel.red) - 0.38 * Double(l3.red)) < 1
                    && abs(Double(pixel.green) - 0.38 * Double(l3.green)) < 1
            }
        }
        #expect(plain)
    }

    @Test func labelsOnAnotherGridAreRefused() throws {
        let (ct, labels) = try lumbar()
        let error = #expect(throws: ReportError.self) {
            try SpinePicture().raster(ct: ct, labels: labels.resampled(toSpacingInMillimetres: [3, 3, 3]))
        }
        #expect(error?.code == .gridsDiffer)
        #expect(error?.description.contains(ct.geometry.description) == true)
    }

    @Test func oneVoxelAndNaNStillMakeAPicture() throws {
        let grid = Geometry(size: [1, 1, 1], affine: Affine(spacingInMillimetres: [0.5, 0.5, 5]))
        let raster = try SpinePicture().raster(
            ct: Volume(geometry: grid, repeating: .nan), labels: Volume(geometry: grid, repeating: 200))
        #expect(raster.width > 0 && raster.height > 0)
    }
}
