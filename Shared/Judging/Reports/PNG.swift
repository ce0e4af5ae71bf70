import Anatomy
import CPNG
import Faults
package import Foundation

extension Raster {
    /// The picture as a PNG file: RGB, 8 bits, no time stamp, so equal pictures give equal bytes. Throws
    /// `notEncodable`.
    package func png() throws -> Data {
        try PNG.data(pixels, width: width, height: height, format: PNG_FORMAT_FLAG_COLOR)
    }

    /// The red channel alone as a grey picture: a third of the bytes for what has no colour.
    func greyPNG() throws -> Data {
        try PNG.data(
            stride(from: 0, to: pixels.count, by: 3).map { pixels[$0] }, width: width, height: height, format: 0)
    }
}

extension IndexedRaster {
    /// The picture as a PNG file with a palette that has transparency. Throws `notEncodable`.
    func png() throws -> Data {
        let colours = palette.flatMap { [$0.colour.red, $0.colour.green, $0.colour.blue, $0.opacity] }
        let format = PNG_FORMAT_FLAG_COLORMAP | PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA
        return try PNG.data(pixels, width: width, height: height, format: format, palette: colours)
    }
}

/// The boundary to libpng. Its simplified interface is used because it reports errors by value; the classic one needs
/// setjmp, which Swift cannot call.
private enum PNG {
    /// `palette`: four bytes per entry, for formats with a colour map.
    static func data(_ pixels: [UInt8], width: Int, height: Int, format: UInt32, palette: [UInt8] = []) throws -> Data {
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        image.width = png_uint_32(width)
        image.height = png_uint_32(height)
        image.format = format
        image.colormap_entries = png_uint_32(palette.count / 4)
        defer { png_image_free(&image) }
        // No encoding is much longer than the pixels; libpng says if it does not fit.
        var data = Data(count: pixels.count + pixels.count / 8 + (1 << 16))
        var count = png_alloc_size_t(data.count)
        let isWritten = data.withUnsafeMutableBytes { target in
            pixels.withUnsafeBytes { pixels in
                palette.withUnsafeBytes { palette in
                    png_image_write_to_memory(
                        &image, target.baseAddress, &count, 0, pixels.baseAddress, 0,
                        palette.isEmpty ? nil : palette.baseAddress)
                }
            }
        }
        guard isWritten != 0 else {
            let text = withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            throw ReportError(.notEncodable, "a picture of \(width)×\(height) pixels cannot be written as PNG: \(text)")
        }
        return data.prefix(Int(count))
    }
}
