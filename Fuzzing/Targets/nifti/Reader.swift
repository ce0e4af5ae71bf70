import Foundation
import Harness
import Volumes

enum Reader {
    private static let file = InputFile("input.nii")

    /// The header, then the voxels as an image and as labels.
    static func read(_ input: UnsafeRawBufferPointer, _ plausible: inout Int) throws {
        file.fill(input)
        let header = try NIfTI.readHeader(file.url)
        // Deflate makes at most 1032 bytes of one; the voxels become Floats beside the stored ones.
        if input.starts(with: [0x1F, 0x8B]), header.dataByteCount <= 1032 * input.count {
            plausible = header.dataByteCount + 4 * header.geometry.voxelCount
        }
        _ = try? NIfTI.readLabels(file.url)
        _ = try NIfTI.readImage(file.url)
    }
}
