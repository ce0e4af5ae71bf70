import Surfaces
import Volumes

/// The area of the surface in a 2×2×2 neighbourhood, by its code, in mm²: what normalised surface Dice weighs surface
/// elements by.
struct CubeAreas: Sendable {
    private let areas: [Double]

    init(frame: GridFrame) {
        let midpoints = CubeCase.midpoints.map(frame.offset)
        areas = CubeCase.complementary.map { cube in
            cube.triangles.reduce(0) { sum, triangle in
                let (a, b, c) = (midpoints[Int(triangle.x)], midpoints[Int(triangle.y)], midpoints[Int(triangle.z)])
                return sum + Self.area(b - a, c - a)
            }
        }
    }

    private static func area(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
        let cross = SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
        return (cross * cross).sum().squareRoot() / 2
    }

    /// Of the neighbourhood whose lower corner is `corner`, which can lie outside the volume.
    func area(of label: UInt8, in voxels: Span<UInt8>, size: SIMD3<Int>, at corner: SIMD3<Int>) -> Double {
        areas[Int(CubeCase.code(of: label, in: voxels, size: size, at: corner))]
    }
}
