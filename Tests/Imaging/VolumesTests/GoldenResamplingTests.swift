import Foundation
import TensorCore
import TestSupport
import Testing
import Volumes

/// MONAI 1.6.1's `Orientationd("RAS")` and `Spacingd(1.5)`, SimpleITK 2.5.7's `Resample` and nnU-Net 2.8.1's
/// `resample_data_or_seg_to_shape` on four volumes; see golden/README.md.
@Suite(.enabled(if: Fixtures.golden("resampling") != nil)) struct GoldenResamplingTests {
    struct Golden: Decodable {
        struct Grid: Decodable {
            var affine_ras: [[Double]]
            var shape_ijk: [Int]
            var geometry: Geometry { Geometry(size: shape_ijk, affine: Affine(rows: affine_ras)) }
        }
        struct NNUNet: Decodable {
            var shape_kji: [Int]
            var separate_axis: Int?
        }
        struct Case: Decodable {
            var input: Grid
            var monai: Grid
            var simpleitk: Grid
            var nnunet: NNUNet
        }
        var cases: [String: Case]
    }

    static let cases = ["ct_3mm", "ct_dicom", "oblique_thick", "oblique_permuted"]
    private static let spacing = [1.5, 1.5, 1.5]

    private struct Source {
        let facts: Golden.Case
        let tensors: Safetensors
        let image: Volume<Float>
        let labels: Volume<UInt8>

        init(_ name: String) throws {
            let json = try #require(Fixtures.golden("resampling/resampling.json"))
            facts = try #require(try JSONDecoder().decode(Golden.self, from: Data(contentsOf: json)).cases[name])
            tensors = try Safetensors.read(try #require(Fixtures.golden("resampling/\(name).safetensors")))
            let grid = facts.input.geometry
            image = Volume(geometry: grid, voxels: Self.transposed(try tensors.tensor("input.image").values, grid.size))
            labels = Volume(geometry: grid, voxels: Self.transposed(try tensors.bytes("input.label"), grid.size))
        }

        /// Golden tensors are (i, j, k) with k fastest; volumes have i fastest.
        static func transposed<Voxel>(_ values: [Voxel], _ size: [Int]) -> [Voxel] {
            (0..<values.count).map { offset in
                let (i, j, k) = (offset % size[0], offset / size[0] % size[1], offset / (size[0] * size[1]))
                return values[k + size[2] * (j + size[1] * i)]
            }
        }

        func floats(_ name: String, _ size: [Int]) throws -> [Float] {
            Self.transposed(try tensors.tensor(name).values, size)
        }
        func bytes(_ name: String, _ size: [Int]) throws -> [UInt8] { Self.transposed(try tensors.bytes(name), size) }
    }

    private func expectGrid(_ found: Geometry, _ expected: Golden.Grid) {
        #expect(found.size == expected.shape_ijk)
        for (row, values) in expected.affine_ras.enumerated() {
            for (column, value) in values.enumerated() { #expect(abs(found.affine[row, column] - value) < 1e-5) }
        }
    }

    private func expectNear(_ found: [Float], _ expected: [Float], within tolerance: Float, _ what: String) {
        #expect(found.count == expected.count)
        let largest = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
        #expect(largest <= tolerance, "\(what): largest difference \(largest) HU")
    }

    @Test(arguments: cases) func imagesAreMONAIs(_ name: String) throws {
        let source = try Source(name)
        let result = try source.image.reoriented(to: .ras).resampled(toSpacingInMillimetres: Self.spacing)
        expectGrid(result.geometry, source.facts.monai)
        expectNear(result.voxels, try source.floats("monai.image", result.geometry.size), within: 0.02, name)
    }

    @Test(arguments: cases) func labelsAreMONAIsWhereRoundingDoesNotDecide(_ name: String) throws {
        let source = try Source(name)
        let result = try source.labels.reoriented(to: .ras).resampled(toSpacingInMillimetres: Self.spacing)
        let size = source.facts.monai.shape_ijk
        let (expected, clear) = (try source.bytes("monai.label", size), try source.bytes("monai.label_clear", size))
        let wrong = (0..<expected.count).filter { clear[$0] == 1 && result.voxels[$0] != expected[$0] }
        #expect(wrong.isEmpty, "\(wrong.count) labels differ")
    }

    @Test(arguments: cases, [Interpolation.linear, .cubic]) func imagesAreSimpleITKs(
        _ name: String, _ interpolation: Interpolation
    ) throws {
        let source = try Source(name)
        let result = try source.image.resampled(
            toSpacingInMillimetres: Self.spacing, interpolation: interpolation, convention: .itk)
        expectGrid(result.geometry, source.facts.simpleitk)
        let expected = try source.floats(
            interpolation == .linear ? "simpleitk.linear" : "simpleitk.bspline3", result.geometry.size)
        expectNear(result.voxels, expected, within: interpolation == .linear ? 0.02 : 0.1, name)
        #expect(zip(result.voxels, expected).allSatisfy { ($0 == -1024) == ($1 == -1024) })
    }

    @Test(arguments: cases) func labelsAreSimpleITKsWhereRoundingDoesNotDecide(_ name: String) throws {
        let source = try Source(name)
        let result = try source.labels.resampled(toSpacingInMillimetres: Self.spacing, convention: .itk)
        let size = source.facts.simpleitk.shape_ijk
        let (expected, clear) = (
            try source.bytes("simpleitk.label", size), try source.bytes("simpleitk.label_clear", size)
        )
        let wrong = (0..<expected.count).filter { clear[$0] == 1 && result.voxels[$0] != expected[$0] }
        #expect(wrong.isEmpty, "\(wrong.count) labels differ")
    }

    /// nnU-Net's arrays are (k, j, i) with i fastest, in memory the volume's own order.
    @Test(arguments: cases) func imagesAreNNUNets(_ name: String) throws {
        let source = try Source(name)
        let resampling = try Resampling(
            of: source.image.geometry, toSpacingInMillimetres: Self.spacing, convention: .nnUNet)
        #expect(resampling.target.size == source.facts.nnunet.shape_kji.reversed())
        #expect(resampling.separateAxis == source.facts.nnunet.separate_axis.map { 2 - $0 })
        let result = resampling.image(source.image, interpolation: .cubic)
        expectNear(result.voxels, try source.tensors.tensor("nnunet.image").values, within: 0.1, name)
    }

    @Test(arguments: cases) func labelsAreNNUNets(_ name: String) throws {
        let source = try Source(name)
        let result = try source.labels.resampled(
            toSpacingInMillimetres: Self.spacing, interpolation: .linear, convention: .nnUNet)
        let expected = try source.tensors.bytes("nnunet.label")
        #expect(expected.count == result.voxels.count)
        let wrong = zip(result.voxels, expected).count { $0 != $1 }
        #expect(Double(wrong) <= 1e-4 * Double(expected.count), "\(wrong) of \(expected.count) labels differ")
    }

    /// Which axis comes first makes no difference to nnU-Net's values: the coarse axis may be any.
    @Test(arguments: cases, [[2, 1, 0], [1, 0, 2], [2, 0, 1]]) func nnUNetsRulesHoldForTurnedVolumes(
        _ name: String, _ order: [Int]
    ) throws {
        let source = try Source(name)
        let own = Array(source.image.geometry.orientation.description)
        let orientation = try #require(Orientation(String(order.map { own[$0] })))
        let straight = try source.image.resampled(
            toSpacingInMillimetres: Self.spacing, interpolation: .cubic, convention: .nnUNet)
        let turned = try source.image.reoriented(to: orientation)
            .resampled(toSpacingInMillimetres: Self.spacing, interpolation: .cubic, convention: .nnUNet)
        expectNear(turned.voxels, straight.reoriented(to: orientation).voxels, within: 0.01, name)
    }
}
