import DICOMSeries
import Foundation
import Phantoms
import Testing
import Volumes

struct PhantomStudyTests {
    private static let small = PhantomConfiguration(
        coverage: .levels(21...23), size: [40, 44, 30], spacingInMillimetres: [1.9, 1.7, 3])

    @Test func dicomAndNIfTIHoldTheSameStudy() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "columna-phantom-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let study = try PhantomStudy(seed: 8, configuration: PhantomStudyTests.small)
        let other = folder.appending(path: "dicom")
        try study.write(to: other, format: .dicom)
        try study.write(to: folder, format: .nifti)
        let dicom = try DICOMReader.readSeries(at: PhantomStudy.ctLocation(in: other, format: .dicom)).volume
        let nifti = try NIfTI.readImage(PhantomStudy.ctLocation(in: folder, format: .nifti))
        let labels = try NIfTI.readLabels(PhantomStudy.labelsLocation(in: folder))
        #expect(dicom.voxels == nifti.voxels)
        #expect(dicom.voxels == study.ct.voxels.map(Float.init))
        #expect(dicom.geometry.isSameGrid(as: nifti.geometry, toleranceInMillimetres: 1e-3))
        #expect(labels.voxels == study.labels.voxels)
        #expect(labels.geometry.isSameGrid(as: dicom.geometry, toleranceInMillimetres: 1e-3))
    }

    @Test func nothingOfAnEarlierPhantomIsLeftInItsFolder() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "columna-phantom-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var fewer = PhantomStudyTests.small
        fewer.size = [40, 44, 20]
        try PhantomStudy(seed: 8, configuration: PhantomStudyTests.small).write(to: folder, format: .dicom)
        try PhantomStudy(seed: 8, configuration: fewer).write(to: folder, format: .dicom)
        #expect(
            try DICOMReader.readSeries(at: PhantomStudy.ctLocation(in: folder, format: .dicom)).volume.geometry.size
                == [40, 44, 20])
        try PhantomStudy(seed: 9, configuration: fewer).write(to: folder, format: .nifti)
        #expect(
            Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)) == ["ct.nii.gz", "labels.nii.gz"])
    }
}
