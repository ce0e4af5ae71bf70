import Foundation
import TestSupport
import Testing
import Volumes

@Suite struct ResamplingTests {
    /// (voxels, spacing, voxels at 1.5 mm) as MONAI computes them.
    @Test(arguments: [(100, 0.7, 47), (512, 0.9765625, 334), (33, 5, 108), (10, 1.5, 10), (11, 0.75, 6)])
    func sizesAreMONAIs(_ voxels: Int, _ spacing: Double, _ expected: Int) throws {
        let grid = Geometry(size: [voxels, 1, 1], affine: Affine(spacingInMillimetres: [spacing, 1.5, 1.5]))
        #expect(try grid.withSpacing(inMillimetres: [1.5, 1.5, 1.5]).size == [expected, 1, 1])
    }

    @Test func nearestRoundsHalvesToEven() throws {
        let line = Volume<UInt8>(
            geometry: Geometry(size: [7, 1, 1], affine: Affine(spacingInMillimetres: [1, 1, 1])), voxels: [0, 1, 2, 3, 4, 5, 6])
        let target = Geometry(size: [6, 1, 1], affine: Affine(spacingInMillimetres: [0.75, 1, 1]))
        #expect(try line.resampled(onto: target).voxels == [0, 1, 2, 2, 3, 4])
    }

    @Test func linearIsExactOnLinearFunctionsAndClampsOutside() throws {
        let grid = Geometry(size: [9, 8, 7], affine: Affine(spacingInMillimetres: [2, 1, 3], origin: [1, 2, 3]))
        var volume = Volume<Float>(geometry: grid, repeating: 0)
        for k in 0..<7 { for j in 0..<8 { for i in 0..<9 { volume[i, j, k] = Float(i) + 10 * Float(j) - 3 * Float(k) } } }
        let rotated = Affine(rows: [[0.3, 0.1, 0.5, 4], [-0.2, 0.4, 0.1, 5], [0.1, -0.3, 1.1, 8]])
        let target = Geometry(size: [5, 6, 7], affine: rotated)
        let sampled = try volume.resampled(onto: target, interpolation: .linear)
        let map = grid.affine.inverse * rotated
        for k in 0..<7 {
            for j in 0..<6 {
                for i in 0..<5 {
                    let at = map.applied(to: [Double(i), Double(j), Double(k)]).clamped(lowerBound: .zero, upperBound: [8, 7, 6])
                    #expect(abs(Double(sampled[i, j, k]) - (at.x + 10 * at.y - 3 * at.z)) < 1e-4)
                }
            }
        }
    }

    @Test func theOwnGridGivesTheSameVoxels() throws {
        let volume = try NIfTI.readImage(Fixtures.url("volumes/lumbar-ct.nii.gz"))
        #expect(try volume.resampled(onto: volume.geometry).voxels == volume.voxels)
        #expect(try volume.resampled(toSpacingInMillimetres: [1.5, 1.5, 1.5]) == volume)
        let near = try volume.resampled(toSpacingInMillimetres: [1.5009, 1.5, 1.4992])
        #expect(near == volume)
    }

    @Test func aGridInAnotherOrderIsFilledExactly() throws {
        let volume = try NIfTI.readImage(Fixtures.url("volumes/lumbar-ct.nii.gz"))
        let ras = volume.reoriented(to: .ras)
        #expect(try volume.resampled(onto: ras.geometry, interpolation: .nearest).voxels == ras.voxels)
        #expect(try volume.resampled(onto: ras.geometry, interpolation: .linear).voxels == ras.voxels)
    }

    /// Grids with parallel axes are sampled by tables, others point by point; a turn too small to matter tells them apart.
    @Test func tablesAndPointsAgree() throws {
        let volume = try NIfTI.readImage(Fixtures.url("volumes/lumbar-ct.nii.gz")).reoriented(to: .ras)
        let labels = try NIfTI.readLabels(Fixtures.url("volumes/lumbar-labels.nii.gz")).reoriented(to: .ras)
        let parallel = Geometry(
            size: [50, 47, 61], affine: Affine(spacingInMillimetres: [1.23, 1.31, 0.77], origin: [-57.3, -209.1, -93.2]))
        var turned = parallel
        for (row, column) in [(0, 1), (1, 2), (2, 0)] { turned.affine[row, column] = 1e-9 }
        let difference = zip(try volume.resampled(onto: parallel).voxels, try volume.resampled(onto: turned).voxels).map { abs($0 - $1) }
        #expect((difference.max() ?? 1) < 1e-3)
        #expect(try labels.resampled(onto: parallel).voxels == labels.resampled(onto: turned).voxels)
    }

    /// Shear goes by Gram–Schmidt, and the result covers every source voxel's centre.
    @Test func shearIsRemoved() throws {
        let sheared = Affine(columns: [[1, 0, 0], [0.2, 1, 0], [0, 0.25, 2]], origin: [5, 6, 7])
        let grid = Geometry(size: [20, 30, 10], affine: sheared)
        let straight = try grid.withSpacing(inMillimetres: [1, 1, 1])
        for (own, expected) in zip(straight.spacingInMillimetres, [1.0, 1, 1]) { #expect(abs(own - expected) < 1e-9) }
        let columns = (0..<3).map(straight.affine.column)
        #expect(abs((columns[0] * columns[1]).sum()) < 1e-9 && abs((columns[1] * columns[2]).sum()) < 1e-9)
        let map = straight.affine.inverse * sheared
        for corner in [[0.0, 0, 0], [19, 0, 0], [0, 29, 0], [19, 29, 9], [0, 0, 9]] {
            let at = map.applied(to: SIMD3(corner[0], corner[1], corner[2]))
            for axis in 0..<3 { #expect(at[axis] > -1e-9 && at[axis] < Double(straight.size[axis])) }
        }
    }

    @Test func uselessSpacingsAreErrors() throws {
        let volume = Volume<Float>(geometry: Geometry(size: [4, 4, 4], affine: .identity), repeating: 0)
        for spacing in [[0, 1, 1], [1, -1, 1], [1, 1, .nan], [1, 1]] as [[Double]] {
            #expect(throws: VolumeError(.spacingNotPositive, "")) { try volume.resampled(toSpacingInMillimetres: spacing) }
        }
        #expect(throws: VolumeError(.tooLarge, "")) { try volume.resampled(toSpacingInMillimetres: [1e-4, 1e-4, 1e-4]) }
        let flat = Volume<Float>(geometry: Geometry(size: [4, 4, 4], affine: Affine(spacingInMillimetres: [1, 1, 0])), repeating: 0)
        let nowhere = Geometry(size: [2, 2, 2], affine: Affine(spacingInMillimetres: [1, 1, .nan]))
        #expect(throws: VolumeError(.affineNotInvertible, "")) { try volume.resampled(onto: nowhere) }
        #expect(throws: VolumeError(.spacingNotPositive, "")) { try flat.resampled(toSpacingInMillimetres: [1, 1, 1]) }
    }
}
