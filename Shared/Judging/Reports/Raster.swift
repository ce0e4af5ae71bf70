package import Anatomy

/// A picture in memory: 8-bit sRGB, rows from the top, three bytes per pixel. Drawing outside it has no effect.
package struct Raster: Sendable, Hashable {
    package let width: Int
    package let height: Int
    /// `width · height · 3` bytes.
    package private(set) var pixels: [UInt8]

    /// `width` and `height` must be positive.
    package init(width: Int, height: Int, colour: Colour = .black) {
        precondition(width > 0 && height > 0, "a picture needs positive sizes, got \(width)×\(height)")
        self.width = width
        self.height = height
        pixels = [UInt8](repeating: 0, count: width * height * 3)
        fill(x: 0, y: 0, width: width, height: height, colour)
    }

    package subscript(x: Int, y: Int) -> Colour {
        get {
            let offset = (y * width + x) * 3
            return Colour(red: pixels[offset], green: pixels[offset + 1], blue: pixels[offset + 2])
        }
        set {
            guard (0..<width).contains(x), (0..<height).contains(y) else { return }
            let offset = (y * width + x) * 3
            pixels[offset] = newValue.red
            pixels[offset + 1] = newValue.green
            pixels[offset + 2] = newValue.blue
        }
    }

    package mutating func fill(x: Int, y: Int, width: Int, height: Int, _ colour: Colour) {
        for row in max(0, y)..<max(0, y, min(self.height, y + height)) {
            for column in max(0, x)..<max(0, x, min(self.width, x + width)) { self[column, row] = colour }
        }
    }

    /// Copies `other` with its upper left corner at (x, y).
    package mutating func draw(_ other: Raster, x: Int, y: Int) {
        for row in 0..<other.height {
            for column in 0..<other.width { self[x + column, y + row] = other[column, row] }
        }
    }

    /// Text in the built-in font, each of its dots `scale` pixels wide; `halo` draws a dark rim for use on images.
    package mutating func draw(
        _ text: String, x: Int, y: Int, scale: Int = 1, colour: Colour = .white, halo: Bool = false
    ) {
        if halo {
            for (dx, dy) in [(-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1)] {
                drawDots(text, x: x + dx, y: y + dy, scale: scale, colour: .black)
            }
        }
        drawDots(text, x: x, y: y, scale: scale, colour: colour)
    }

    private mutating func drawDots(_ text: String, x: Int, y: Int, scale: Int, colour: Colour) {
        for (position, character) in text.enumerated() {
            let left = x + position * Font.advance * scale
            for (row, bits) in Font.rows(of: character).enumerated() {
                for column in 0..<Font.width where bits & (1 << (Font.width - 1 - column)) != 0 {
                    fill(x: left + column * scale, y: y + row * scale, width: scale, height: scale, colour)
                }
            }
        }
    }
}

extension Colour {
    package static let black = Colour(red: 0, green: 0, blue: 0)
    package static let white = Colour(red: 255, green: 255, blue: 255)

    /// `share` of this colour over `below`.
    func blended(over below: Colour, share: Double) -> Colour {
        func mixed(_ own: UInt8, _ other: UInt8) -> UInt8 {
            UInt8((Double(own) * share + Double(other) * (1 - share)).rounded())
        }
        return Colour(red: mixed(red, below.red), green: mixed(green, below.green), blue: mixed(blue, below.blue))
    }
}
