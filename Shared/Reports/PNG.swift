import CPNG
package import Foundation

extension Raster {
    /// The picture as a PNG file: RGB, 8 bits, no time stamp, so equal pictures give equal bytes.
    ///
    /// The boundary to libpng. Its simplified interface is used because it reports errors by value; the classic one
    /// needs setjmp, which Swift cannot call. Throws `notEncodable`.
    package func png() throws -> Data {
        var image = png_image()
        image.version = png_uint_32(PNG_IMAGE_VERSION)
        image.width = png_uint_32(width)
        image.height = png_uint_32(height)
        image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
        defer { png_image_free(&image) }
        // No encoding is much longer than the pixels; libpng says if it does not fit.
        var data = Data(count: pixels.count + pixels.count / 8 + (1 << 16))
        var count = png_alloc_size_t(data.count)
        let isWritten = data.withUnsafeMutableBytes { target in
            pixels.withUnsafeBytes { png_image_write_to_memory(&image, target.baseAddress, &count, 0, $0.baseAddress, 0, nil) }
        }
        guard isWritten != 0 else {
            let text = withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            throw ReportError(.notEncodable, "a picture of \(width)×\(height) pixels cannot be written as PNG: \(text)")
        }
        return data.prefix(Int(count))
    }
}
