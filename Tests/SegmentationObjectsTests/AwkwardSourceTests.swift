import DICOMObjects
import Foundation
import SegmentationObjects
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
