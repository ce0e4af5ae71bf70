import DICOMSeries
import Faults
import Foundation
import TestSupport
import Testing
import Volumes

struct SeriesRoundTripTests {
    @Test(arguments: DICOMWriter.Encoding.allCases)
    func writtenSeriesReadsBackTheSame(encoding: DICOMWriter.Encoding) throws {
        let folder = try TemporaryFolder()
        let volume = MadeSeries.volume
        try MadeSeries.write(to: folder.url, encoding: encoding)
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(series.volume.geometry.isSameGrid(as: volume.geometry, toleranceInMillimetres: 1e-9))
        #expect(series.volume.voxels == volume.voxels.map(Float.init))
        #expect(series.int16Volume?.voxels == volume.voxels)
        #expect(series.skipped.isEmpty)
        #expect(series.tags.modality == "CT")
    }

    /// Values beyond 12 bits are stored signed, in every encoding.
    @Test(arguments: DICOMWriter.Encoding.allCases)
    func signedPixelsReadBackTheSame(encoding: DICOMWriter.Encoding) throws {
        let folder = try TemporaryFolder()
        var volume = MadeSeries.volume
        for index in volume.voxels.indices { volume.voxels[index] = Int16(truncatingIfNeeded: index * 7919) }
        let facts = DICOMWriter.SeriesFacts(seed: 7)
        try DICOMWriter.writeSeries(volume, to: folder.url, facts: facts, encoding: encoding)
        #expect(try DICOMReader.readSeries(at: folder.url).volume.voxels == volume.voxels.map(Float.init))
    }

    @Test func sameSeedGivesTheSameBytes() throws {
        let (one, two, other) = (try TemporaryFolder(), try TemporaryFolder(), try TemporaryFolder())
        try MadeSeries.write(to: one.url)
        try MadeSeries.write(to: two.url)
        try MadeSeries.write(to: other.url, seed: 43)
        let first = try Data(contentsOf: one.file("CT0003.dcm"))
        #expect(try first == Data(contentsOf: two.file("CT0003.dcm")))
        #expect(try first != Data(contentsOf: other.file("CT0003.dcm")))
    }

    @Test func slicesAreSortedByPositionWhateverTheirNamesAndNumbers() throws {
        let folder = try TemporaryFolder()
        try MadeSeries.write(to: folder.url)
        try FileManager.default.createDirectory(at: folder.file("deep/er"), withIntermediateDirectories: true)
        try FileManager.default.moveItem(at: folder.file("CT0001.dcm"), to: folder.file("deep/er/zzz"))
        try FileManager.default.moveItem(at: folder.file("CT0005.dcm"), to: folder.file("a"))
        let series = try DICOMReader.readSeries(at: folder.url)
        #expect(series.volume.voxels == MadeSeries.volume.voxels.map(Float.init))
    }

    @Test func obliqueGridKeepsItsPlaceInTheWorld() throws {
        let folder = try TemporaryFolder()
        var volume = MadeSeries.volume
        let (sine, cosine) = (0.28, 0.96)
        volume.geometry.affine = Affine(
            columns: [SIMD3(0, 0.8 * cosine, 0.8 * sine), SIMD3(0, -0.9 * sine, 0.9 * cosine), SIMD3(1.7, 0, 0)],
            origin: SIMD3(1, 2, 3))
        try DICOMWriter.writeSeries(volume, to: folder.url, facts: .init(seed: 1))
        let read = try DICOMReader.readSeries(at: folder.url).volume
        #expect(read.geometry.isSameGrid(as: volume.geometry, toleranceInMillimetres: 1e-6))
    }

    @Test func shearedGridCannotBeWritten() throws {
        let folder = try TemporaryFolder()
        var volume = MadeSeries.volume
        volume.geometry.affine[0, 2] = 1
        #expect(throws: DICOMError(.invalidAttribute, "")) {
            try DICOMWriter.writeSeries(volume, to: folder.url, facts: .init(seed: 1))
        }
    }
}
