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
                return sum + (b - a).cross(c - a).length / 2
            }
        }
    }

    /// Of the neighbourhood whose lower corner is `corner`, which can lie outside the volume.
    func area(of label: UInt8, in voxels: Span<UInt8>, size: SIMD3<Int>, at corner: SIMD3<Int>) -> Double {
        areas[Int(CubeCase.code(of: label, in: voxels, size: size, at: corner))]
    }
}
