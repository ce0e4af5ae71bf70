import TestSupport
import Testing
import Volumes

@Suite struct OrientationTests {
    /// Expected numbers are nibabel's (5.4.2, `as_closest_canonical`).
    @Test func permutedRealCTBecomesRAS() throws {
        let volume = try NIfTI.readImage(Fixtures.url("volumes/lumbar-ct.nii.gz"))
        #expect(volume.geometry.orientation.description == "PIR")
        let ras = volume.reoriented(to: .ras)
        #expect(ras.geometry.size == [42, 40, 32])
        #expect(ras.geometry.orientation == .ras)
        let expected = [[1.5, 0, 0, -55.5], [0, 1.5, 0, -208.5], [0, 0, 1.5, -92.69998168945312], [0, 0, 0, 1]]
        #expect(ras.geometry.affine == Affine(rows: expected))
        #expect(ras[3, 4, 5] == 54 && ras[7, 20, 11] == -8)
    }

    static let all: [Orientation] = ["RAS", "LPS", "LAS", "PIR", "SAL", "IRP", "ARS", "RSP"].compactMap {
        Orientation($0)
    }

    @Test(arguments: all) func everyVoxelKeepsItsPlaceInTheWorld(_ target: Orientation) {
        let affine = Affine(rows: [[-0.16, -0.34, 1.81, -20], [-1.08, -0.07, -0.32, 55], [0.11, -1.2, -0.49, -301]])
        let geometry = Geometry(size: [3, 4, 5], affine: affine)
        let volume = Volume<Int16>(geometry: geometry, voxels: (0..<60).map { Int16($0) })
        let turned = volume.reoriented(to: target)
        #expect(turned.geometry.orientation == target)
        #expect(turned.geometry.affine == geometry.reoriented(to: target).affine)
        let toOld = affine.inverse * turned.geometry.affine
        for k in 0..<turned.geometry.size[2] {
            for j in 0..<turned.geometry.size[1] {
                for i in 0..<turned.geometry.size[0] {
                    let old = toOld.applied(to: [Double(i), Double(j), Double(k)]).rounded(.toNearestOrEven)
                    #expect(turned[i, j, k] == volume[Int(old.x), Int(old.y), Int(old.z)])
                }
            }
        }
        let back = turned.reoriented(to: geometry.orientation)
        #expect(back.voxels == volume.voxels)
        #expect(back.geometry.isSameGrid(as: geometry, toleranceInMillimetres: 1e-9))
    }

    /// Larger than the tiles in which permuted axes are copied, for every width of voxel.
    @Test(arguments: ["SAL", "ASR", "PIR", "LIA"]) func longAxesAreCopiedWhole(_ name: String) throws {
        let target = try #require(Orientation(name))
        let geometry = Geometry(size: [37, 70, 45], affine: .identity)
        let offsets = Volume<Int32>(geometry: geometry, voxels: (0..<geometry.voxelCount).map { Int32($0) })
        let turned = offsets.reoriented(to: target)
        let toOld = turned.geometry.affine
        for k in 0..<turned.geometry.size[2] {
            for j in 0..<turned.geometry.size[1] {
                for i in 0..<turned.geometry.size[0] where (i + j + k) % 7 == 0 {
                    let old = toOld.applied(to: [Double(i), Double(j), Double(k)])
                    #expect(turned[i, j, k] == offsets[Int(old.x), Int(old.y), Int(old.z)])
                }
            }
        }
        #expect(Set(turned.voxels).count == geometry.voxelCount)
        let bytes = offsets.map { UInt8(truncatingIfNeeded: $0) }
        #expect(bytes.reoriented(to: target).voxels == turned.voxels.map { UInt8(truncatingIfNeeded: $0) })
        let wide = offsets.map { SIMD4<Float>(repeating: Float($0)) }
        #expect(wide.reoriented(to: target).voxels == turned.voxels.map { SIMD4<Float>(repeating: Float($0)) })
    }

    @Test func namesThatAreNoOrientationAreRefused() {
        #expect(Orientation("RAS") == .ras && Orientation("ras") == .ras)
        for name in ["RA", "RRS", "RLS", "XYZ", "RASA", ""] { #expect(Orientation(name) == nil) }
    }

    @Test func labelsOfAnotherAxisOrderAreLaidOnTheGridPointByPoint() throws {
        let grid = Geometry(
            size: [3, 4, 5], affine: Affine(spacingInMillimetres: [0.9, 0.8, 2], origin: [10, -20, 30]))
        let labels = Volume(geometry: grid, voxels: (0..<60).map { UInt8($0) })
        let turned = labels.reoriented(to: try #require(Orientation("PIL")))
        #expect(turned.voxels != labels.voxels)
        let laid = try #require(turned.laid(on: grid))
        #expect(laid.voxels == labels.voxels)
        #expect(laid.geometry == grid)
    }

    @Test func labelsOfAShiftedGridAreNotLaidOnIt() {
        let grid = Geometry(size: [3, 4, 5], affine: Affine(spacingInMillimetres: [1, 1, 1]))
        let shifted = Geometry(size: [3, 4, 5], affine: Affine(spacingInMillimetres: [1, 1, 1], origin: [0.5, 0, 0]))
        #expect(Volume<UInt8>(geometry: shifted, repeating: 1).laid(on: grid) == nil)
    }
}
