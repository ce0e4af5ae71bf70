import Anatomy
import Archives
import Faults
import Foundation
import DICOMSegmentations
import TestSupport
import Testing
import Volumes

/// Objects that dcmqi wrote, against dcmqi's own reading of them as NRRD.
@Suite(.enabled(if: Fixtures.data("segmentations") != nil))
struct PeerSegmentationTests {
    @Test(arguments: [
        ("23x38x3/seg/label.seg", "23x38x3/nrrd/label.nrrd"), ("24x38x3/seg/label.seg", "24x38x3/nrrd/label.nrrd"),
        ("liver.dcm", "liver_seg.nrrd"),
        ("sparse-labelmap-noppv.dcm", "sparse_labelmap_noppv_seg.nrrd"),
        ("sparse-labelmap-ppv5.dcm", "sparse_labelmap_ppv5_seg.nrrd"),
    ])
    func voxelsAndGridAreThePeers(_ object: String, _ reading: String) throws {
        let folder = try #require(Fixtures.data("segmentations"))
        let peer = try NRRD(folder.appending(path: reading))
        let ours = try SegmentationObject.read(folder.appending(path: object), on: peer.geometry).labels
        // Where there is no frame the peer writes Pixel Padding Value (5); a label map has background there.
        #expect(ours.voxels.map(Int16.init) == peer.voxels.map { $0 == 5 ? 0 : $0 })
        #expect(ours.voxels.contains { $0 > 0 })
        let own = try SegmentationObject.read(folder.appending(path: object)).labels
        let span = own.geometry.affine.inverse * peer.geometry.affine
        #expect(
            zip(span.spacingInMillimetres, [1, 1, 1]).allSatisfy { abs($0 - $1) < 1e-5 },
            "its own grid has the peer's axes")
        #expect(own.voxels.count { $0 > 0 } == ours.voxels.count { $0 > 0 })
    }

    @Test func overlappingSegmentsAreRefusedAndReadByPriority() throws {
        let folder = try #require(Fixtures.data("segmentations"))
        let file = folder.appending(path: "partial_overlaps.dcm")
        #expect(throws: SegmentationObjectError.self) { try SegmentationObject.read(file) }
        let peers = try (1...3).map { try NRRD(folder.appending(path: "partial_overlaps-\($0).nrrd")) }
        let ours = try SegmentationObject.read(file, on: peers[0].geometry, overlap: .lowest)
        var expected = [Int16](repeating: 0, count: peers[0].voxels.count)
        var overlapping = Set<Int>()
        // dcmqi gives each group of segments that do not overlap a file of its own.
        for peer in peers {
            for (index, value) in peer.voxels.enumerated() where value != 0 {
                if expected[index] != 0 { overlapping.insert(index) }
                expected[index] = expected[index] == 0 ? value : min(expected[index], value)
            }
        }
        #expect(ours.labels.voxels.map(Int16.init) == expected)
        #expect(!overlapping.isEmpty)
    }

    @Test(arguments: ["image", "multiframe"])
    func aLabelMapGoesOutAndComesBackOnRealImages(_ folder: String) throws {
        let root = try #require(Fixtures.data("segmentations/23x38x3"))
        let files = try FileManager.default.contentsOfDirectory(
            at: root.appending(path: folder), includingPropertiesForKeys: nil)
        let source = try SourceSeries(files: files)
        #expect(source.images.count == 3)
        #expect(source.images.map(\.frame) == (folder == "image" ? [nil, nil, nil] : [1, 2, 3]))
        var labels = try SegmentationObject.read(root.appending(path: "seg/label.seg")).labels
        labels.voxels = labels.voxels.map { $0 == 1 ? 22 : 0 }
        try MadeLabels.withFile { file in
            try MadeLabels.write(labels, source: source, to: file)
            #expect(try SegmentationObject.read(file, on: labels.geometry, labelSet: .spine25).labels == labels)
        }
    }

    @Test func aSeriesIsThatOfItsImages() throws {
        let folder = try #require(Fixtures.data("segmentations/ct-3slice"))
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let source = try SourceSeries(files: files + files)
        #expect(source.images.count == 3)
        #expect(zip(source.images, [-128.69, -127.69, -126.69]).allSatisfy { abs($0.position[2] - $1) < 1e-5 })
        #expect(try JSONDecoder().decode(SourceSeries.self, from: JSONEncoder().encode(source)) == source)
        let other = try #require(Fixtures.data("segmentations/23x38x3/image/IMG0001.dcm"))
        #expect(throws: SegmentationObjectError(.invalidSource, "")) { try SourceSeries(files: files + [other]) }
        #expect(throws: SegmentationObjectError(.invalidSource, "")) { try SourceSeries(files: []) }
    }
}

/// As much of the NRRD format as dcmqi writes: attached header, gzip, 16-bit integers, LPS.
private struct NRRD {
    let geometry: Geometry
    let voxels: [Int16]

    init(_ file: URL) throws {
        let data = try Data(contentsOf: file)
        let end = try #require(data.range(of: Data("\n\n".utf8)))
        var fields: [String: String] = [:]
        for line in String(decoding: data[..<end.lowerBound], as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: ": ", maxSplits: 1)
            if parts.count == 2 { fields[String(parts[0])] = String(parts[1]) }
        }
        func numbers(_ name: String) throws -> [Double] {
            try #require(fields[name]).split { " (),".contains($0) }.compactMap { Double($0) }
        }
        let (size, steps, origin) = (
            try numbers("sizes").map { Int($0) }, try numbers("space directions"), try numbers("space origin")
        )
        func ras(_ start: Int, _ values: [Double]) -> SIMD3<Double> {
            SIMD3(-values[start], -values[start + 1], values[start + 2])
        }
        geometry = Geometry(
            size: size, affine: Affine(columns: [0, 3, 6].map { ras($0, steps) }, origin: ras(0, origin)))
        let handle = try FileHandle(forReadingFrom: file)
        try handle.seek(toOffset: UInt64(end.upperBound))
        let reader = try GzipReader(descriptor: dup(handle.fileDescriptor))
        let count = geometry.voxelCount
        let voxels = try [Int16](unsafeUninitializedCapacity: count) { buffer, filled in
            var rest = UnsafeMutableRawBufferPointer(buffer)
            while !rest.isEmpty {
                let read = try reader.read(into: rest)
                if read == 0 { break }
                rest = UnsafeMutableRawBufferPointer(rebasing: rest[read...])
            }
            filled = count - rest.count / 2
        }
        #expect(voxels.count == count)
        self.voxels = voxels
    }
}
