import Foundation
import Harness
import Volumes

/// The small files of every type, form and byte order that the tests read, and two of our own, one of them gzipped.
enum Seeds {
    static func write(to folder: URL) throws {
        try SeedFolder.copy("Tests/Fixtures/volumes/formats", ending: ".nii", largest: 1024, to: folder)
        try SeedFolder.copy("Tests/Fixtures/volumes/formats", ending: ".nii.gz", largest: 1024, to: folder)
        let geometry = Geometry(size: [3, 4, 2], affine: Affine(rows: [[-1, 0, 0, 5], [0, 2, 0, -3], [0, 0, 2.5, 1]]))
        try NIfTI.write(Volume<Int16>(geometry: geometry, voxels: (0..<24).map { Int16($0) }), to: folder.appending(path: "own.nii"))
        try NIfTI.write(Volume<UInt8>(geometry: geometry, repeating: 3), to: folder.appending(path: "own.nii.gz"))
    }
}
