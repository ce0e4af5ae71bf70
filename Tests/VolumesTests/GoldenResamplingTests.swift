import Foundation
import TensorCore
import TestSupport
import Testing
import Volumes

/// MONAI 1.6.1's `Orientationd("RAS")` and `Spacingd(1.5)` on four volumes; see golden/README.md.
@Suite(.enabled(if: Fixtures.golden("resampling") != nil)) struct GoldenResamplingTests {
    struct Golden: Decodable {
        struct Grid: Decodable {
            var affine_ras: [[Double]]
            var shape_ijk: [Int]
            var geometry: Geometry { Geometry(size: shape_ijk, affine: Affine(rows: affine_ras)) }
        }
        struct Case: Decodable {
            var input: Grid
            var monai: Grid
        }
        var cases: [String: Case]
    }

    private func golden(_ name: String) throws -> (Golden.Case, Safetensors) {
        let facts = try #require(Fixtures.golden("resampling/resampling.json"))
        let tensors = try #require(Fixtures.golden("resampling/\(name).safetensors"))
        let cases = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: facts)).cases
        return (try #require(cases[name]), try Safetensors.read(tensors))
    }

    /// Golden tensors are (i, j, k) with k fastest; volumes have i fastest.
    private func transposed<Voxel>(_ values: [Voxel], _ size: [Int]) -> [Voxel] {
        (0..<values.count).map { offset in
            let (i, j, k) = (offset % size[0], offset / size[0] % size[1], offset / (size[0] * size[1]))
            return values[k + size[2] * (j + size[1] * i)]
        }
    }

    static let cases = ["ct_3mm", "ct_dicom", "oblique_thick", "oblique_permuted"]

    @Test(arguments: cases) func imagesAreMONAIs(_ name: String) throws {
        let (facts, tensors) = try golden(name)
        let grid = facts.input.geometry
        let input = Volume<Float>(geometry: grid, voxels: transposed(try tensors.tensor("input.image").values, grid.size))
        let result = try input.reoriented(to: .ras).resampled(toSpacingInMillimetres: [1.5, 1.5, 1.5], interpolation: .linear)
        #expect(result.geometry.size == facts.monai.shape_ijk)
        for (row, values) in facts.monai.affine_ras.enumerated() {
            for (column, value) in values.enumerated() { #expect(abs(result.geometry.affine[row, column] - value) < 1e-5) }
        }
        let expected = transposed(try tensors.tensor("monai.image").values, facts.monai.shape_ijk)
        let largest = zip(result.voxels, expected).map { abs($0 - $1) }.max() ?? .infinity
        #expect(largest <= 0.02, "largest difference \(largest) HU")
    }

    @Test(arguments: cases) func labelsAreMONAIsWhereRoundingDoesNotDecide(_ name: String) throws {
        let (facts, tensors) = try golden(name)
        let grid = facts.input.geometry
        let input = Volume<UInt8>(geometry: grid, voxels: transposed(try tensors.bytes("input.label"), grid.size))
        let result = try input.reoriented(to: .ras).resampled(toSpacingInMillimetres: [1.5, 1.5, 1.5])
        let size = facts.monai.shape_ijk
        let expected = transposed(try tensors.bytes("monai.label"), size)
        let clear = transposed(try tensors.bytes("monai.label_clear"), size)
        let wrong = (0..<expected.count).filter { clear[$0] == 1 && result.voxels[$0] != expected[$0] }
        #expect(wrong.isEmpty, "\(wrong.count) labels differ")
    }
}
