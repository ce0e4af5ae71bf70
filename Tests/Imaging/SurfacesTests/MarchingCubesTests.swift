import Foundation
import Statistics
import Surfaces
import Testing
import Volumes

@Suite struct MarchingCubesTests {
    private func ball(radius: Double, spacing: [Double]) -> Volume<UInt8> {
        let size = spacing.map { Int((2 * radius / $0).rounded(.up)) + 3 }
        let grid = Geometry(size: size, affine: Affine(spacingInMillimetres: spacing, origin: [-20, 700, 3]))
        var volume = Volume<UInt8>(geometry: grid, repeating: 0)
        let steps = SIMD3(spacing[0], spacing[1], spacing[2])
        let middle = SIMD3(Double(size[0] - 1), Double(size[1] - 1), Double(size[2] - 1)) / 2
        for k in 0..<size[2] {
            for j in 0..<size[1] {
                for i in 0..<size[0] {
                    let offset = (SIMD3(Double(i), Double(j), Double(k)) - middle) * steps
                    if (offset * offset).sum() <= radius * radius { volume[i, j, k] = 5 }
                }
            }
        }
        return volume
    }

    @Test(arguments: [[1.0, 1, 1], [0.8, 0.8, 2.5]]) func aBallIsOneClosedSurfaceOfItsVolume(_ spacing: [Double]) {
        let mesh = MarchingCubes.surface(of: 5, in: ball(radius: 20, spacing: spacing))
        #expect(Edges(mesh).areAllPaired)
        #expect(Edges(mesh).eulerCharacteristic(mesh) == 2)
        let volume = 4 / 3 * Double.pi * 8000
        #expect(abs(mesh.volumeInCubicMillimetres / volume - 1) < 0.01)
        // Mid-edge vertices follow the staircase of the voxels: the surface is larger than the ball's at any
        // resolution, by 9 % to 16 % here.
        let area = mesh.areaInSquareMillimetres / (4 * Double.pi * 400)
        #expect(area > 1.05 && area < 1.18, "\(area)")
    }

    /// Three flips make a mirror image; the surface must still be seen from outside.
    @Test func trianglesTurnOutwardWhateverTheAxesDo() {
        for flips in 0..<8 {
            var volume = ball(radius: 6, spacing: [1, 1, 1])
            let signs = (0..<3).map { flips >> $0 & 1 == 1 ? -1.0 : 1 }
            volume.geometry.affine = Affine(
                columns: [SIMD3(0, signs[0], 0), SIMD3(signs[1], 0, 0), SIMD3(0, 0.25, signs[2])],
                origin: [5, -900, 40])
            let mesh = MarchingCubes.surface(of: 5, in: volume)
            #expect(mesh.volumeInCubicMillimetres > 800, "flips \(flips)")
        }
    }

    /// One voxel is an octahedron of half spacings, placed by the affine.
    @Test func oneVoxelAtTheBorderIsAnOctahedron() {
        let grid = Geometry(size: [1, 1, 1], affine: Affine(spacingInMillimetres: [2, 4, 6], origin: [10, 20, 30]))
        let mesh = MarchingCubes.surface(of: 255, in: Volume<UInt8>(geometry: grid, voxels: [255]))
        #expect(mesh.vertices.count == 6 && mesh.triangles.count == 8)
        #expect(abs(mesh.volumeInCubicMillimetres - 4.0 / 3 * 1 * 2 * 3) < 1e-9)
        #expect(
            Set(mesh.vertices) == [
                [9, 20, 30], [11, 20, 30], [10, 18, 30], [10, 22, 30], [10, 20, 27], [10, 20, 33],
            ])
        #expect(MarchingCubes.surface(of: 1, in: Volume<UInt8>(geometry: grid, voxels: [255])) == TriangleMesh())
    }

    @Test func every2x2x2NeighbourhoodGivesAClosedSurface() {
        let grid = Geometry(size: [2, 2, 2], affine: .identity)
        for code in 1..<256 {
            let mesh = MarchingCubes.surface(
                of: 1, in: Volume<UInt8>(geometry: grid, voxels: (0..<8).map { UInt8(code >> $0 & 1) }))
            #expect(Edges(mesh).areAllPaired, "code \(code)")
            #expect(mesh.volumeInCubicMillimetres > 0, "code \(code)")
            #expect(Set(mesh.triangles.flatMap { [$0.x, $0.y, $0.z] }).count == mesh.vertices.count, "code \(code)")
        }
    }

    /// All 256 codes beside each other in all ways: random voxels, up to the volume's border.
    @Test func noiseGivesAClosedSurface() {
        var generator = SplitMix64(seed: 7)
        let grid = Geometry(size: [17, 12, 15], affine: .identity)
        for density in [2, 5, 8] as [UInt64] {
            let voxels = (0..<grid.voxelCount).map { _ in UInt8(generator.next() % 10 < density ? 3 : 0) }
            let mesh = MarchingCubes.surface(of: 3, in: Volume<UInt8>(geometry: grid, voxels: voxels))
            #expect(Edges(mesh).areAllPaired)
            #expect(Edges(mesh).largestUse == 1, "a side that two pairs of triangles share is where surfaces touch")
        }
    }
}

/// Sides of triangles by direction.
private struct Edges {
    private var uses: [SIMD2<UInt32>: Int] = [:]

    init(_ mesh: TriangleMesh) {
        for triangle in mesh.triangles {
            for (a, b) in [(triangle.x, triangle.y), (triangle.y, triangle.z), (triangle.z, triangle.x)] {
                uses[SIMD2(a, b), default: 0] += 1
            }
        }
    }

    /// Every side is passed in both directions equally often.
    var areAllPaired: Bool { uses.allSatisfy { uses[SIMD2($0.key.y, $0.key.x)] == $0.value } }
    var largestUse: Int { uses.values.max() ?? 0 }
    func eulerCharacteristic(_ mesh: TriangleMesh) -> Int {
        mesh.vertices.count - uses.count / 2 + mesh.triangles.count
    }
}
