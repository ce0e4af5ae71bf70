/// A display colour, sRGB, 8 bits per channel.
package struct Colour: Sendable, Hashable, Codable {
    package var red: UInt8
    package var green: UInt8
    package var blue: UInt8

    package init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }
}

extension Colour {
    /// The colour of the `position`-th vertebra from the top (0 = C1).
    ///
    /// Seven hues (after Okabe and Ito's palette for colour-blind readers) in an order that makes neighbours differ in
    /// lightness as well as in hue; each further round of seven is shaded differently, so no two labels share a colour.
    static func ofVertebra(at position: Int) -> Colour {
        let hues: [(Double, Double, Double)] = [
            (230, 159, 0), (0, 114, 178), (240, 228, 66), (204, 82, 20), (86, 180, 233), (0, 128, 96), (214, 140, 190),
        ]
        /// Mixed with white (positive) or black (negative) by this share.
        let shades = [0.0, 0.28, -0.22, 0.48]
        let hue = hues[position % hues.count]
        let shade = shades[(position / hues.count) % shades.count]
        func mixed(_ channel: Double) -> UInt8 {
            UInt8((shade >= 0 ? channel + (255 - channel) * shade : channel * (1 + shade)).rounded())
        }
        return Colour(red: mixed(hue.0), green: mixed(hue.1), blue: mixed(hue.2))
    }
}
