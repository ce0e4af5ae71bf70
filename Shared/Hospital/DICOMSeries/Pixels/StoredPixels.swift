package import Foundation

/// The stored values of an object's frames, whatever they are encoded in: for objects whose pixels are names and not
/// measurements.
package struct StoredPixels: Sendable {
    package var rows: Int { layout.rows }
    package var columns: Int { layout.columns }
    package var frames: Int { layout.frames }
    /// Unique identifier.
    package var transferSyntax: String { layout.transferSyntax }

    private let layout: PixelLayout
    private let pixels: PixelFrames

    /// Blocks, as all of it does.
    ///
    /// - Throws: `DICOMError`, as `PixelFrames` and `DICOMFile` do.
    package init(file: URL) throws(DICOMError) {
        layout = try DICOMFile(path: file.path).pixelLayout
        pixels = try PixelFrames(path: file.path, layout: layout)
    }

    /// Frame `index` (from 0), row by row. Values of up to 24 bits are exact.
    package func values(of index: Int) throws(DICOMError) -> [Int32] {
        var failure: DICOMError?
        let values = [Float](unsafeUninitializedCapacity: rows * columns) { buffer, count in
            do throws(DICOMError) {
                try pixels.decode(
                    index, Rescale(), into: UnsafeMutableBufferPointer(rebasing: buffer[..<(rows * columns)]))
                count = rows * columns
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return values.map { Int32($0) }
    }
}
