import DICOMSeries
import Faults
import Foundation
import TestSupport
import Testing
import Volumes

@Suite(.enabled(if: Fixtures.data("abdomen-series") != nil))
struct RealSeriesTests {
    private func data(_ name: String) throws -> URL { try #require(Fixtures.data(name)) }

    private func error(_ name: String) throws -> DICOMError { try #require(MadeSeries.error(try data(name))) }

    @Test func jpeg2000SeriesLiesOnItsLabelsGrid() throws {
        let series = try DICOMReader.readSeries(at: data("abdomen-series/dicom"))
        let labels = try NIfTI.readHeader(data("abdomen-series/labels.nii.gz")).geometry
        #expect(series.instanceCount == 20)
        #expect(series.isInt16Exact)
        #expect(series.volume.geometry.orientation.description == "LPS")
        #expect(labels.orientation.description == "LAS")
        // The NIfTI has the rows upside down: voxel (i, j, k) there is (i, 511 − j, k) here.
        for corner in [SIMD3<Double>(0, 0, 0), SIMD3(511, 0, 0), SIMD3(0, 511, 0), SIMD3(511, 511, 19)] {
            let here = series.volume.geometry.affine.applied(to: corner)
            let there = labels.affine.applied(to: SIMD3(corner.x, 511 - corner.y, corner.z))
            #expect((here - there).max() < 1e-3 && (there - here).max() < 1e-3)
        }
    }

    @Test func implicitSeriesIsSortedByPosition() throws {
        let series = try DICOMReader.readSeries(at: data("chest-series/dicom"))
        #expect(series.volume.geometry.size == [512, 512, 64])
        #expect(abs(series.volume.geometry.spacingInMillimetres[2] - 5) < 1e-9)
        #expect(series.tags.manufacturer == "Philips")
        #expect(try #require(series.volume.voxels.min()) >= -1024)
    }

    @Test(arguments: ["rle", "j2k", "jpeg", "jpegls"])
    func codecSeriesEqualsItsGroundTruth(codec: String) throws {
        let series = try DICOMReader.readSeries(at: data("codec-series/compressed_\(codec)/001"), modalities: ["MR"])
        let truth = try NIfTI.readImage(data("codec-series/compressed_rle/001_ground_truth.nii.gz"))
        let here = series.volume.reoriented(to: .ras)
        let there = truth.reoriented(to: .ras)
        #expect(here.geometry.isSameGrid(as: there.geometry, toleranceInMillimetres: 1e-3))
        #expect(here.voxels == there.voxels)
    }

    @Test func otherModalityIsNamed() throws {
        let error = try error("codec-series/compressed_rle/001")
        #expect(error.code == .unsupportedModality)
        #expect(error.description == "modality is MR, expected CT")
    }

    /// Gantry tilt and spacing as dcm2niix finds them: the same first voxel, directions and extent of the plane.
    @Test func tiltedAndUnevenSeriesBecomesAGrid() throws {
        let series = try DICOMReader.readSeries(at: data("tilt-series/dicom"))
        #expect(
            series.decisions.contains(
                "gantry tilt of 18.5° corrected as a shear: 512×512 slices in a plane of 512×611 pixels"))
        #expect(series.decisions.contains("spacing 1.08 to 7.0 mm resampled linearly to 1.08 mm"))
        #expect(series.isResampled)
        #expect(series.instances.count == 28)
        #expect(series.geometry.size[0] == 512 && series.geometry.size[1] == 611)
        // dcm2niix v1.0.20260724: the first voxel of its file, whose rows run the other way.
        let corner = series.geometry.affine.applied(to: SIMD3(0, 610, 0))
        let peer = SIMD3(125, -113.07736969, -73.33516693)
        #expect((corner - peer).max() < 1e-3 && (peer - corner).max() < 1e-3)
    }

    @Test func tiltWithoutATagIsFoundFromPositions() throws {
        let series = try DICOMReader.readSeries(at: data("tilt-made"))
        #expect(
            series.decisions == [
                "gantry tilt of 14.0° corrected as a shear: 512×512 slices in a plane of 512×521 pixels"
            ])
        #expect(series.geometry.size == [512, 521, 4])
        #expect(abs(series.geometry.spacingInMillimetres[2] - 4.8514786) < 1e-4)
    }

    @Test func structureSetBesideItsImagesIsListed() throws {
        let series = try DICOMReader.readSeries(at: data("structure-sets/mock_data"))
        #expect(series.instanceCount == 2)
        #expect(series.skipped == [SkippedObjects(reason: .noImage, modality: "RTSTRUCT", count: 1)])
    }

    @Test func objectsWithoutImagesAreNamed() throws {
        #expect(try error("structure-sets/empty").code == .noImages)
        let segmentation = try error("segmentations/liver.dcm")
        #expect(segmentation.code == .noImages)
        #expect(segmentation.description.contains("SEG"))
    }

    /// Legacy Converted Enhanced CT beside the classic objects it was made from.
    @Test(arguments: ["23x38x3", "24x38x3"]) func multiFrameEqualsItsSingleFrames(name: String) throws {
        let one = try DICOMReader.readSeries(at: data("segmentations/\(name)/multiframe"))
        let many = try DICOMReader.readSeries(at: data("segmentations/\(name)/image"))
        #expect(one.geometry.isSameGrid(as: many.geometry, toleranceInMillimetres: 1e-6))
        #expect(one.int16Volume?.voxels == many.int16Volume?.voxels)
        #expect(one.instances.map(\.frameNumber) == [1, 2, 3] || one.instances.map(\.frameNumber) == [3, 2, 1])
        #expect(Set(one.instances.map(\.sopInstanceUID)).count == 1)
        #expect(many.instances.allSatisfy { $0.frameNumber == nil })
        #expect(one.instances.map(\.position) == many.instances.map(\.position))
    }

    @Test func seriesIsChosenByItsHash() throws {
        let folder = try data("segmentations/24x38x3")
        let all = try DICOMReader.listSeries(at: folder)
        #expect(all.count == 2)
        let error = try #require(MadeSeries.error(folder))
        #expect(error.code == .severalSeries)
        for series in all { #expect(error.description.contains(series.hash)) }
        let classic = try #require(all.first { !$0.isMultiFrame })
        let read = try DICOMReader.readSeries(at: folder, series: classic.hash)
        #expect(read.instanceCount == 3)
        #expect(read.seriesHash == classic.hash)
        #expect(MadeSeries.error(folder, series: "0000")?.code == .unknownSeries)
    }

    @Test func sixteenCopiesOfASliceAreRefused() throws {
        #expect(try error("codecs").code == .duplicateSlice)
    }
}
