import Faults
import Foundation
import TestSupport
import Testing
import Threads
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
            geometry: Geometry(size: [7, 1, 1], affine: Affine(spacingInMillimetres: [1, 1, 1])),
            voxels: [0, 1, 2, 3, 4, 5, 6])
        let target = Geometry(size: [6, 1, 1], affine: Affine(spacingInMillimetres: [0.75, 1, 1]))
        #expect(try line.resampled(onto: target).voxels == [0, 1, 2, 2, 3, 4])
    }

    @Test func linearIsExactOnLinearFunctionsAndClampsOutside() throws {
        let grid = Geometry(size: [9, 8, 7], affine: Affine(spacingInMillimetres: [2, 1, 3], origin: [1, 2, 3]))
        var volume = Volume<Float>(geometry: grid, repeating: 0)
        for k in 0..<7 {
            for j in 0..<8 { for i in 0..<9 { volume[i, j, k] = Float(i) + 10 * Float(j) - 3 * Float(k) } }
        }
        let rotated = Affine(rows: [[0.3, 0.1, 0.5, 4], [-0.2, 0.4, 0.1, 5], [0.1, -0.3, 1.1, 8]])
        let target = Geometry(size: [5, 6, 7], affine: rotated)
        let sampled = try volume.resampled(onto: target, interpolation: .linear)
        let map = grid.affine.inverse * rotated
        for k in 0..<7 {
            for j in 0..<6 {
                for i in 0..<5 {
                    let at = map.applied(to: [Double(i), Double(j), Double(k)]).clamped(
                        lowerBound: .zero, upperBound: [8, 7, 6])
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

    /// Grids with parallel axes are sampled by tables, others point by point; a turn of a few hundredths of a voxel in
    /// all tells them apart.
    @Test(arguments: [(Interpolation.linear, Float(30)), (.cubic, 40)]) func tablesAndPointsAgree(
        _ interpolation: Interpolation, _ tolerance: Float
    ) throws {
        let volume = try NIfTI.readImage(Fixtures.url("volumes/lumbar-ct.nii.gz")).reoriented(to: .ras)
        let parallel = Geometry(
            size: [50, 47, 61],
            affine: Affine(spacingInMillimetres: [1.23, 1.31, 0.77], origin: [-57.3, -209.1, -93.2]))
        var turned = parallel
        for (row, column) in [(0, 1), (1, 2), (2, 0)] { turned.affine[row, column] = 1e-4 }
        #expect(try Resampling(of: volume.geometry, onto: parallel).isAligned)
        #expect(try !Resampling(of: volume.geometry, onto: turned).isAligned)
        let tables = try volume.resampled(onto: parallel, interpolation: interpolation).voxels
        let points = try volume.resampled(onto: turned, interpolation: interpolation).voxels
        let difference = zip(tables, points).map { abs($0 - $1) }
        #expect((difference.max() ?? .infinity) < tolerance)
        #expect(difference.reduce(0, +) / Float(difference.count) < 0.6)
    }

    /// Any order and direction of the target's axes: the values of the straight grid, put in that order.
    @Test(arguments: ["RAS", "LPS", "SRA", "PIL", "ASL"], [Interpolation.linear, .nearest, .cubic])
    func turnedGridsHaveTheSameValues(_ letters: String, _ interpolation: Interpolation) throws {
        let volume = try NIfTI.readImage(Fixtures.url("volumes/lumbar-ct.nii.gz"))
        let straight = try volume.geometry.withSpacing(inMillimetres: [1.1, 2.3, 0.9])
        let orientation = try #require(Orientation(letters))
        let turned = straight.reoriented(to: orientation)
        let found = try volume.resampled(onto: turned, interpolation: interpolation).voxels
        let expected = try volume.resampled(onto: straight, interpolation: interpolation).reoriented(to: orientation)
            .voxels
        let largest = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
        // Coordinates are counted from the other end.
        #expect(largest <= (interpolation == .nearest ? 0 : 0.005), "largest difference \(largest)")
        // Nothing is interpolated between grids through the same points.
        let same = volume.geometry.reoriented(to: orientation)
        #expect(
            try volume.resampled(onto: same, interpolation: interpolation).voxels
                == volume.reoriented(to: orientation).voxels)
    }

    @Test func gridsThatRoundingMovedAreCopied() throws {
        let volume = try NIfTI.readImage(Fixtures.url("volumes/lumbar-ct.nii.gz"))
        let rotation = Affine(rows: [
            [0.8374928371167297, -0.2893894881696965, 0.238610796, 31.5],
            [0.3048224641, 0.727409188, 1.01611822, -12.25], [0.12525579, 0.16471064, -4.068239, 140],
        ])
        let measured = Volume(geometry: Geometry(size: volume.geometry.size, affine: rotation), voxels: volume.voxels)
        var stored = measured.geometry
        stored.affine = Affine(rows: rotation.rows.map { $0.map { Double(Float($0)) } })
        for interpolation in Interpolation.allCases {
            #expect(try measured.resampled(onto: stored, interpolation: interpolation).voxels == measured.voxels)
        }
    }

    @Test(arguments: Interpolation.allCases, ResamplingConvention.allCases)
    func theNumberOfThreadsMakesNoDifference(_ interpolation: Interpolation, _ convention: ResamplingConvention) throws
    {
        let volume = try NIfTI.readImage(Fixtures.url("volumes/lumbar-ct.nii.gz"))
        let labels = try NIfTI.readLabels(Fixtures.url("volumes/lumbar-labels.nii.gz"))
        let aligned = try Resampling(
            of: volume.geometry, toSpacingInMillimetres: [1.1, 0.9, 2.6], convention: convention)
        var turned = aligned.target
        for (row, column) in [(0, 1), (1, 2), (2, 0)] { turned.affine[row, column] += 0.1 }
        for resampling in [aligned, try Resampling(of: volume.geometry, onto: turned, convention: convention)] {
            let one = resampling.image(volume, interpolation: interpolation, pool: ComputePool(threads: 1))
            for threads in [2, 3, 8] {
                #expect(
                    resampling.image(volume, interpolation: interpolation, pool: ComputePool(threads: threads)) == one)
            }
            guard interpolation != .cubic else { continue }
            let oneLabels = try resampling.labels(labels, interpolation: interpolation, pool: ComputePool(threads: 1))
            #expect(
                try resampling.labels(labels, interpolation: interpolation, pool: ComputePool(threads: 3)) == oneLabels)
        }
    }

    /// Splines go through the values, and through polynomials of degree three away from the border.
    @Test func splinesReproduceCubicPolynomials() throws {
        func value(_ x: Double) -> Double { 0.02 * x * x * x - 0.9 * x * x + 5 * x - 40 }
        let grid = Geometry(size: [60, 1, 1], affine: Affine(spacingInMillimetres: [1, 1, 1]))
        let line = Volume<Float>(geometry: grid, voxels: (0..<60).map { Float(value(Double($0))) })
        let fine = Geometry(size: [237, 1, 1], affine: Affine(spacingInMillimetres: [0.25, 1, 1]))
        for convention in ResamplingConvention.allCases {
            let sampled = try line.resampled(onto: fine, interpolation: .cubic, convention: convention)
            for index in 80..<157 { #expect(abs(Double(sampled.voxels[index]) - value(Double(index) / 4)) < 2e-3) }
        }
    }

    @Test func thinVolumesTakeSplinesToo() throws {
        for size in [[1, 1, 1], [2, 1, 3], [1, 5, 2]] {
            let grid = Geometry(size: size, affine: .identity)
            let flat = Volume<Float>(geometry: grid, repeating: 7)
            for convention in ResamplingConvention.allCases {
                let result = try flat.resampled(
                    toSpacingInMillimetres: [0.4, 0.6, 0.7], interpolation: .cubic, convention: convention)
                #expect(result.voxels.allSatisfy { abs($0 - 7) < 1e-4 || (convention == .itk && $0 == -1024) })
            }
        }
    }

    @Test func whatIsOutsideITKsVolumeIsTold() throws {
        let line = Volume<Float>(geometry: Geometry(size: [4, 1, 1], affine: .identity), voxels: [10, 20, 30, 40])
        let wide = Geometry(size: [9, 1, 1], affine: Affine(spacingInMillimetres: [0.75, 1, 1], origin: [-1, 0, 0]))
        // At −1, −0.25, 0.5, 1.25, 2, 2.75, 3.5, 4.25, 5.
        let outside = try Resampling(of: line.geometry, onto: wide, convention: .itk).image(line, outside: -5)
        #expect(outside.voxels == [-5, 10, 15, 22.5, 30, 37.5, -5, -5, -5])
        #expect(try line.resampled(onto: wide).voxels == [10, 10, 15, 22.5, 30, 37.5, 40, 40, 40])
        #expect(
            try line.resampled(onto: wide, interpolation: .nearest, convention: .itk).voxels == [
                -1024, 10, 20, 20, 30, 40, -1024, -1024, -1024,
            ])
    }

    @Test(arguments: [
        ([5.0, 0.9, 0.9], [1.5, 1.5, 1.5], 0), ([1.5, 1.5, 1.5], [0.9, 0.9, 5], 2), ([3, 1, 1], [1, 1, 1], nil),
        ([0.24, 1.25, 1.25], [1, 1, 1], nil),
    ])
    func separateZIsDecidedAsNNUNetDoes(_ source: [Double], _ target: [Double], _ axis: Int?) {
        #expect(Resampling.separateAxis(from: source, to: target) == axis)
    }

    @Test func splinesOfLabelsAreRefused() throws {
        let labels = Volume<UInt8>(geometry: Geometry(size: [4, 4, 4], affine: .identity), repeating: 1)
        #expect(throws: VolumeError(.unsupported, "")) {
            try labels.resampled(toSpacingInMillimetres: [2, 2, 2], interpolation: .cubic)
        }
    }

    /// Of the eight voxels around the middle, three are 3, two 1, two 2 and one 4: the largest share wins, though 1 + 2
    /// have more together.
    @Test func theLargestShareWins() throws {
        let labels = Volume<UInt8>(
            geometry: Geometry(size: [2, 2, 2], affine: .identity), voxels: [1, 2, 3, 3, 3, 1, 2, 4])
        let middle = Geometry(
            size: [1, 1, 1], affine: Affine(spacingInMillimetres: [1, 1, 1], origin: [0.5, 0.5, 0.5]))
        #expect(try labels.resampled(onto: middle, interpolation: .linear).voxels == [3])
        // Equal shares: the nearest voxel's label, of halves the upper one's.
        let line = Volume<UInt8>(geometry: Geometry(size: [2, 1, 1], affine: .identity), voxels: [1, 2])
        let half = Geometry(size: [1, 1, 1], affine: Affine(spacingInMillimetres: [1, 1, 1], origin: [0.5, 0, 0]))
        #expect(try line.resampled(onto: half, interpolation: .linear).voxels == [2])
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
            #expect(throws: VolumeError(.spacingNotPositive, "")) {
                try volume.resampled(toSpacingInMillimetres: spacing)
            }
        }
        #expect(throws: VolumeError(.tooLarge, "")) {
            try volume.resampled(toSpacingInMillimetres: [1e-4, 1e-4, 1e-4])
        }
        let flat = Volume<Float>(
            geometry: Geometry(size: [4, 4, 4], affine: Affine(spacingInMillimetres: [1, 1, 0])), repeating: 0)
        let vast = Geometry(size: [4, 4, 4], affine: Affine(spacingInMillimetres: [1e100, 1e100, 1e100]))
        for convention in ResamplingConvention.allCases {
            #expect(throws: VolumeError(.tooLarge, "")) {
                try vast.withSpacing(inMillimetres: [1e-250, 1, 1], convention: convention)
            }
        }
        let tiny = Volume<Float>(
            geometry: Geometry(size: [4, 4, 4], affine: Affine(spacingInMillimetres: [1e-90, 1e-90, 1e-90])),
            repeating: 0)
        #expect(throws: VolumeError(.affineNotInvertible, "")) { try tiny.resampled(onto: vast) }
        let nowhere = Geometry(size: [2, 2, 2], affine: Affine(spacingInMillimetres: [1, 1, .nan]))
        #expect(throws: VolumeError(.affineNotInvertible, "")) { try volume.resampled(onto: nowhere) }
        #expect(throws: VolumeError(.spacingNotPositive, "")) { try flat.resampled(toSpacingInMillimetres: [1, 1, 1]) }
    }

    /// scipy.ndimage.zoom(range(5), 0.6, order=1) and back with order 0, by hand: 3 voxels over the same outer centres.
    @Test func totalSegmentatorKeepsTheOuterCentres() throws {
        let volume = Volume(
            geometry: Geometry(size: [5, 1, 1], affine: Affine(spacingInMillimetres: [3, 5, 5], origin: [7, 0, 0])),
            voxels: [0, 1, 2, 3, 4] as [Float])
        let small = try volume.resampled(toSpacingInMillimetres: [5, 5, 5], convention: .totalSegmentator)
        #expect(small.voxels == [0, 2, 4] && small.geometry.spacingInMillimetres[0] == 6)
        #expect(small.geometry.affine.origin == volume.geometry.affine.origin)
        let labels = Volume<UInt8>(geometry: small.geometry, voxels: [1, 2, 3])
        // Halves go up: the second voxel lies between the first two.
        #expect(try labels.resampled(onto: volume.geometry, convention: .totalSegmentator).voxels == [1, 2, 2, 3, 3])
    }
}
