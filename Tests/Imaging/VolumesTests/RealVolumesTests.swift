import Foundation
import TestSupport
import Testing
import Volumes

/// The CT volumes under the shared folder.
@Suite(.enabled(if: Fixtures.data("lumbar-crop") != nil && Fixtures.data("abdomen-pelvis-3mm") != nil))
struct RealVolumesTests {
    private func file(_ name: String) throws -> URL { try #require(Fixtures.data(name)) }

    @Test func thirdLumbarVertebraHasItsPublishedVolume() throws {
        let labels = try NIfTI.readLabels(file("lumbar-crop/labels.nii.gz"))
        let voxels = labels.voxels.filter { $0 == 22 }.count
        let millilitres = Double(voxels) * labels.geometry.voxelVolumeInCubicMillimetres / 1000
        #expect(abs(millilitres - 59.7) < 0.05)
    }

    @Test(arguments: ["lumbar-crop", "abdomen-pelvis-3mm"]) func imagesAndLabelsShareAGrid(_ name: String) throws {
        let image = try NIfTI.readHeader(file("\(name)/ct.nii.gz"))
        let labels = try NIfTI.readHeader(file("\(name)/labels.nii.gz"))
        #expect(image.geometry.isSameGrid(as: labels.geometry))
        #expect(image.voxelType == .int16 && labels.voxelType == .uint8)
    }

    /// Preprocessing's way there and inference's way back keep every vertebra where it was, within partial voxels.
    @Test func labelsComeBackFromOneAndAHalfMillimetres() throws {
        let labels = try NIfTI.readLabels(file("abdomen-pelvis-3mm/labels.nii.gz"))
        let fine = try labels.reoriented(to: .ras).resampled(toSpacingInMillimetres: [1.5, 1.5, 1.5])
        let back = try fine.resampled(onto: labels.geometry)
        #expect(back.voxels == labels.voxels)
    }
}
