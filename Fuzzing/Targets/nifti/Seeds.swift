import Foundation
import Harness
import Volumes

/// The small files of every type, form and byte order that the tests read, two of our own, one of them gzipped, and
/// files as others spoil them.
enum Seeds {
    static func write(to folder: URL) throws {
        try SeedFolder.copy("Tests/Fixtures/volumes/formats", ending: ".nii", largest: 1024, to: folder)
        try SeedFolder.copy("Tests/Fixtures/volumes/formats", ending: ".nii.gz", largest: 1024, to: folder)
        let geometry = Geometry(
            size: [3, 4, 2], affine: Affine(rows: [[-1, 0, 0, 5], [0, 2, 0, -3], [0, 0, 2.5, 1]]))
        let own = folder.appending(path: "own.nii")
        try NIfTI.write(Volume<Int16>(geometry: geometry, voxels: (0..<24).map { Int16($0) }), to: own)
        try NIfTI.write(
            Volume<UInt8>(geometry: geometry, repeating: 3), note: "left out: L6 (50 voxels)",
            to: folder.appending(path: "own.nii.gz"))
        let whole = try Data(contentsOf: own)
        for (name, patches) in spoilt {
            var bytes = whole
            for (offset, patch) in patches { bytes.replaceSubrange(offset..<offset + patch.count, with: patch) }
            try bytes.write(to: folder.appending(path: "\(name).nii"))
        }
        for (name, text) in strangers { try Data(text.utf8).write(to: folder.appending(path: name)) }
    }

    private static func bytes<Number>(_ numbers: Number...) -> Data {
        numbers.reduce(into: Data()) { data, number in withUnsafeBytes(of: number) { data += $0 } }
    }

    /// Fields of nifti1.h by their offsets: dim 40, datatype 70, pixdim 76, scl_slope 112, qform_code 252, quatern_b
    /// 256, srow_x 280, magic 344.
    private static let spoilt: [(name: String, patches: [(Int, Data)])] = [
        ("sform-of-zeros", [(280, Data(count: 48))]),
        ("sform-not-a-number", [(280, bytes(Float.nan))]),
        ("offset-not-a-number", [(292, bytes(Float.nan)), (268, bytes(Float.infinity))]),
        ("quaternion-too-long", [(254, bytes(Int16(0))), (256, bytes(Float(1), 1, 1))]),
        ("forms-apart", [(268, bytes(Float(500)))]),
        ("no-form", [(252, bytes(Int16(0), 0))]),
        ("handedness-of-three", [(254, bytes(Int16(0))), (76, bytes(Float(3)))]),
        ("sizes-of-zero", [(80, Data(count: 12))]),
        ("dimensions-of-zero", [(40, bytes(Int16(5))), (48, Data(count: 8))]),
        ("tenths", [(112, bytes(Float(0.1), 0))]),
        ("spread-over-16-bits", [(112, bytes(Float(25) / 65535, 12.5))]),
        ("intercept-alone", [(112, bytes(Float(0), -1024))]),
        ("labels-a-little-off", [(70, bytes(Int16(16), 32)), (352, bytes(Float(20.999998), 0.99999994, 20.5))]),
        ("analyze", [(344, Data(count: 4))]),
    ]

    private static let strangers = [
        ("page.nii", "<!DOCTYPE html><html></html>"),
        ("pointer.nii", "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n"),
        ("annex.nii", "/annex/objects/MD5E-s7--1.nii.gz\n"), ("object.nii", "{\"labels\": {}}"), ("empty.nii", ""),
    ]
}
