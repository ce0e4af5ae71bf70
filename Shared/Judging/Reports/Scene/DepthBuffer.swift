import Anatomy
import Foundation
import Volumes

/// Samples with the depth of what is seen there.
struct DepthBuffer {
    struct Corner {
        /// x and y in samples from the upper left, z grows towards the viewer.
        var position: SIMD3<Float>
        var normal: SIMD3<Float>
        /// 0…255 per channel.
        var colour: SIMD3<Float>
    }

    let width: Int
    let height: Int
    private var depths: [Float]
    private var colours: [SIMD3<Float>]

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        depths = [Float](repeating: -.infinity, count: width * height)
        colours = [SIMD3<Float>](repeating: .zero, count: width * height)
    }

    /// Fills one triangle, its corners' values interpolated linearly; both faces are drawn.
    mutating func draw(_ corners: [Corner]) {
        let (a, b, c) = (corners[0].position, corners[1].position, corners[2].position)
        let area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
        guard area != 0 else { return }
        let columns = max(0, Int(min(a.x, b.x, c.x)))...min(width - 1, max(0, Int(max(a.x, b.x, c.x)) + 1))
        let rows = max(0, Int(min(a.y, b.y, c.y)))...min(height - 1, max(0, Int(max(a.y, b.y, c.y)) + 1))
        for y in rows {
            for x in columns {
                let (px, py) = (Float(x) + 0.5, Float(y) + 0.5)
                let first = ((b.x - px) * (c.y - py) - (b.y - py) * (c.x - px)) / area
                let second = ((c.x - px) * (a.y - py) - (c.y - py) * (a.x - px)) / area
                let third = 1 - first - second
                guard first >= 0, second >= 0, third >= 0 else { continue }
                let depth = first * a.z + second * b.z + third * c.z
                guard depth > depths[y * width + x] else { continue }
                depths[y * width + x] = depth
                let normal = corners[0].normal * first + corners[1].normal * second + corners[2].normal * third
                let colour = corners[0].colour * first + corners[1].colour * second + corners[2].colour * third
                colours[y * width + x] = Self.lit(colour, normal)
            }
        }
    }

    /// Light from the upper left before the patient, and a little from everywhere.
    private static func lit(_ colour: SIMD3<Float>, _ normal: SIMD3<Float>) -> SIMD3<Float> {
        let length = normal.length
        guard length > 0 else { return colour * 0.5 }
        let unit = normal / length * (normal.z < 0 ? -1 : 1)
        let diffuse = max(0, unit.dot(SIMD3(-0.35, 0.45, 0.82)))
        let shine = pow(max(0, unit.dot(SIMD3(-0.18, 0.24, 0.955))), 24)
        return colour * (0.34 + 0.70 * diffuse) + 36 * shine
    }

    /// The mean of `samples` × `samples` for each pixel.
    func raster(samples: Int, background: Colour) -> Raster {
        let empty = SIMD3(Float(background.red), Float(background.green), Float(background.blue))
        var raster = Raster(width: width / samples, height: height / samples, colour: background)
        for y in 0..<raster.height {
            for x in 0..<raster.width {
                var sum = SIMD3<Float>.zero
                for row in 0..<samples {
                    for column in 0..<samples {
                        let position = (y * samples + row) * width + x * samples + column
                        sum += depths[position] == -.infinity ? empty : colours[position]
                    }
                }
                let mean = pointwiseMin(sum / Float(samples * samples), SIMD3(repeating: 255))
                raster[x, y] = Colour(
                    red: UInt8(mean.x.rounded()), green: UInt8(mean.y.rounded()), blue: UInt8(mean.z.rounded()))
            }
        }
        return raster
    }
}
