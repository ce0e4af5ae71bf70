import DICOMObjects
import Faults
import Foundation
import DICOMSegmentations
import TestSupport
import Testing

/// A series that was converted can be exported: the same files are its images.
struct AwkwardSourceTests {
    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    /// dgobbi/vtk-dicom#201: where one file was read by one reader only, frames referred to the images beside it.
    @Test(arguments: AwkwardObject.allCases) func everyImageIsFound(kind: AwkwardObject) throws {
        try withFolder { folder in
            let files = try (0..<5).map { slice in
                let file = folder.appending(path: "\(slice).dcm")
                try (slice == 2 ? kind : .lineBreakAtTheEnd).file(slice).write(to: file)
                return file
            }
            let source = try SourceSeries(files: files, skippingOthers: true)
            #expect(source.images.map(\.sopInstance) == (0..<5).map(AwkwardObject.instance))
            #expect(source.images.map { $0.position[2] } == [50, 52.5, 55, 57.5, 60])
            #expect(Set(source.images.map(\.sopClass)) == [AwkwardObject.computedTomography])
        }
    }

    /// Skipped is what is no DICOM object, and what has said that it is no slice of the series.
    @Test func damagedSliceIsNotLeftOut() throws {
        try withFolder { folder in
            func write(_ name: String, _ bytes: Data) throws -> URL {
                let file = folder.appending(path: name)
                try bytes.write(to: file)
                return file
            }
            let slice = { AwkwardObject.lineBreakAtTheEnd.file($0) }
            let whole = [
                try write("0", slice(0)), try write("1", slice(1)),
                try write("notes", Data("an export of the archive".utf8)),
            ]
            #expect(try SourceSeries(files: whole, skippingOthers: true).images.count == 2)

            let cut = try write("2", slice(2).dropLast(40))
            #expect(throws: DICOMObjectError(.corrupt, "")) {
                try SourceSeries(files: whole + [cut], skippingOthers: true)
            }

            var other = slice(2).dropLast(40)
            let series = try #require(other.range(of: Data(AwkwardObject.series.utf8)))
            other.replaceSubrange(series, with: Data("2.25.1009".utf8))
            #expect(try SourceSeries(files: whole + [write("3", other)], skippingOthers: true).images.count == 2)
        }
    }

    @Test func sliceWithoutAPlaceIsNotLeftOut() throws {
        try withFolder { folder in
            var bytes = AwkwardObject.lineBreakAtTheEnd.file(1)
            // ImagePositionPatient, as an element that nobody knows.
            let tag = try #require(bytes.range(of: Data([0x20, 0, 0x32, 0, 0x44, 0x53])))
            bytes.replaceSubrange(tag, with: Data([0x20, 0, 0x33, 0, 0x44, 0x53]))
            let files = [AwkwardObject.lineBreakAtTheEnd.file(0), bytes].enumerated().map {
                (folder.appending(path: "\($0)"), $1)
            }
            for (file, bytes) in files { try bytes.write(to: file) }
            #expect(throws: SegmentationObjectError(.invalidSource, "")) {
                try SourceSeries(files: files.map(\.0), skippingOthers: true)
            }
        }
    }

    /// As de-identification that empties identifiers leaves a series.
    @Test func missingIdentifiersAreNamed() throws {
        try withFolder { folder in
            let files = try (0..<2).map { slice in
                var bytes = AwkwardObject.lineBreakAtTheEnd.file(slice)
                // StudyInstanceUID and SeriesInstanceUID, as elements that nobody knows.
                for element: UInt8 in [0x0d, 0x0e] {
                    let tag = try #require(bytes.range(of: Data([0x20, 0, element, 0, 0x55, 0x49])))
                    bytes.replaceSubrange(tag, with: Data([0x20, 0, 0x0f, 0, 0x55, 0x49]))
                }
                let file = folder.appending(path: "\(slice).dcm")
                try bytes.write(to: file)
                return file
            }
            let error = try #require(throws: SegmentationObjectError.self) { try SourceSeries(files: files) }
            #expect(
                error.description.hasPrefix(
                    "the images have no StudyInstanceUID (0020,000d) and SeriesInstanceUID (0020,000e), which"))
        }
    }

    @Test func oneFileWithoutAnImageIsOne() throws {
        try withFolder { folder in
            let file = folder.appending(path: "notes")
            try Data("an export of the archive".utf8).write(to: file)
            let error = try #require(throws: SegmentationObjectError.self) {
                try SourceSeries(files: [file], skippingOthers: true)
            }
            #expect(
                error.description == "the only file is no image of a study and series, with position and orientation")
        }
    }

    @Test func placeThatCannotBeReadIsNamed() throws {
        try withFolder { folder in
            let file = folder.appending(path: "slice.dcm")
            var bytes = AwkwardObject.lineBreakAtTheEnd.file()
            let place = try #require(bytes.range(of: Data("-120\\50.0".utf8)))
            bytes.replaceSubrange(place, with: Data("-120\\50mm".utf8))
            try bytes.write(to: file)
            let error = try #require(throws: DICOMObjectError.self) { try SourceSeries(files: [file]) }
            #expect(error.code == .invalidValue)
            #expect(error.description.contains("ImagePositionPatient (0020,0032)"))
        }
    }
}
