import Foundation
import TensorCore
import TestSupport
import Testing
import Volumes

/// Grids that run obliquely through the source's, beside scipy 1.17: Benchmarks/golden/make_resampling.py. Arrays are
/// (k, j, i), a volume's own order.
@Suite struct PointResamplingTests {
    private struct Record: Decodable {
        struct Points: Decodable {
            var size: [Int]
            var target: [Int]
            var map: [[Double]]
        }
        var points: Points
    }

    private let tensors: Safetensors
    private let source: Geometry
    private let target: Geometry

    init() throws {
        let facts = try JSONDecoder().decode(
            Record.self, from: Data(contentsOf: Fixtures.url("resampling/resampling.json"))
        ).points
        tensors = try Safetensors.read(Fixtures.url("resampling/points.safetensors"))
        let affine = Affine(rows: [[-0.8, 0.1, 0.3, 20], [0.2, 0.9, -0.1, -7], [0.1, 0.05, 1.7, 300]])
        source = Geometry(size: facts.size, affine: affine)
        target = Geometry(size: facts.target, affine: affine * Affine(rows: facts.map))
    }

    @Test(arguments: [
        ("linear", Interpolation.linear, ResamplingConvention.monai), ("cubic", .cubic, .monai),
        ("itk.linear", .linear, .itk),
        ("itk.cubic", .cubic, .itk),
    ])
    func imagesAreScipys(_ name: String, _ interpolation: Interpolation, _ convention: ResamplingConvention) throws {
        let image = Volume(geometry: source, voxels: try tensors.tensor("image").values)
        let resampling = try Resampling(of: source, onto: target, convention: convention)
        #expect(!resampling.isAligned)
        let found = resampling.image(image, interpolation: interpolation)
        let expected = try tensors.tensor(name).values
        let largest = zip(found.voxels, expected).map { abs($0 - $1) }.max() ?? .infinity
        #expect(largest < 0.02, "largest difference \(largest)")
    }

    @Test func labelsHaveTheLargestShare() throws {
        let labels = Volume(geometry: source, voxels: try tensors.bytes("labels"))
        let found = try labels.resampled(onto: target, interpolation: .linear)
        let (expected, clear) = (try tensors.bytes("largest_share"), try tensors.bytes("clear"))
        let wrong = (0..<expected.count).filter { clear[$0] == 1 && found.voxels[$0] != expected[$0] }
        #expect(wrong.isEmpty, "\(wrong.count) of \(expected.count) labels differ")
    }
}
