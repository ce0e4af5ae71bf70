package import Anatomy

/// A picture of few colours, some of them translucent: what lies over a CT slice.
package struct IndexedRaster: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package var colour: Colour
        /// 0 (not to be seen) … 255.
        package var opacity: UInt8
    }

    package let width: Int
    package let height: Int
    /// At most 256 entries.
    package let palette: [Entry]
    /// One entry's number per pixel, rows from the top.
    package let pixels: [UInt8]

    package subscript(x: Int, y: Int) -> Entry { palette[Int(pixels[y * width + x])] }
}
