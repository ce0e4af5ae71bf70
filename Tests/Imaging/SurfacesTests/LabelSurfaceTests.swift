import Statistics
import Surfaces
import Testing
import Volumes

@Suite struct LabelSurfaceTests {
    /// Orthogonal, turned and flipped, sheared.
    static let affines = [
        Affine(spacingInMillimetres: [1, 1.2, 3], origin: [5, -80, 900]),
        Affine(columns: [SIMD3(0, 0.8, 0.6), SIMD3(1.5, 0, 0), SIMD3(0, -1.2, 1.6)], origin: [1, 2, 3]),
        Affine(columns: [SIMD3(1, 0, 0), SIMD3(0.4, 1, 0), SIMD3(0, 1.5, 2)], origin: [1, 2, 3]),
    ]

    /// Points near and far against every triangle of the mesh.
    @Test(arguments: affines) func distancesAreThoseToTheNearestTriangle(_ affine: Affine) {
        var generator = SplitMix64(seed: 3)
        let grid = Geometry(size: [23, 9, 14], affine: affine)
        let voxels = (0..<grid.voxelCount).map { _ in UInt8(generator.next() % 40 == 0 ? 7 : 0) }
        let volume = Volume<UInt8>(geometry: grid, voxels: voxels)
        let mesh = MarchingCubes.surface(of: 7, in: volume)
        guard let surface = LabelSurface(of: 7, in: volume) else { return #expect(Bool(false), "no surface") }
        for _ in 0..<200 {
            let index = SIMD3(
                Double.random(in: -30...50, using: &generator), .random(in: -9...18, using: &generator),
                .random(in: -1...14, using: &generator))
            let point = affine.applied(to: index)
            let expected = mesh.triangles.map { distance(point, $0, mesh) }.min() ?? 0
            #expect(abs(surface.distance(fromMillimetres: point) - expected) < 1e-4)
            #expect(abs(surface.distance(from: index, below: 2) - min(expected, 2)) < 1e-4)
        }
        for vertex in mesh.vertices.prefix(200) {
            #expect(surface.distance(fromMillimetres: SIMD3<Double>(vertex)) < 1e-4)
        }
    }

    @Test func labelsWithoutVoxelsHaveNoSurface() {
        #expect(
            LabelSurface(
                of: 1, in: Volume<UInt8>(geometry: Geometry(size: [3, 3, 3], affine: .identity), repeating: 2)) == nil)
    }

    /// By searching the triangle ever finer around the best of 4 × 4 points: slow, and nothing like the code under
    /// test.
    private func distance(_ point: SIMD3<Double>, _ triangle: SIMD3<UInt32>, _ mesh: TriangleMesh) -> Double {
        let corners = [triangle.x, triangle.y, triangle.z].map { SIMD3<Double>(mesh.vertices[Int($0)]) }
        var (u, v, reach, least) = (0.5, 0.5, 0.5, Double.infinity)
        while reach > 1e-7 {
            var best = (u, v)
            for a in stride(from: -1.0, through: 1, by: 0.5) {
                for b in stride(from: -1.0, through: 1, by: 0.5) {
                    let x = min(max(u + a * reach, 0), 1)
                    let y = min(max(v + b * reach, 0), 1)
                    let on = corners[0] + (corners[1] - corners[0]) * x + (corners[2] - corners[1]) * (x * y)
                    let apart = ((on - point) * (on - point)).sum().squareRoot()
                    if apart < least { (least, best) = (apart, (x, y)) }
                }
            }
            (u, v) = best
            reach *= 0.6
        }
        return least
    }
}
