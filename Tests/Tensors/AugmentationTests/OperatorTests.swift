import Augmentation
import Foundation
import TensorCore
import TestSupport
import Testing

/// The oracle is batchgeneratorsv2: the same patch and the same parameters (Tests/Fixtures/augmentation/make.py).
@Suite struct OperatorTests {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let `operator`: String
        var patch: [Int]?
        var degrees: [Double]?
        var scales: [Double]?
        var spacing: [Double]?
        var deviations: [Double]?
        var shares: [Double]?
        var factor: Float?
        var exponent: Float?
        var inverts: Bool?
        var axes: [Int]?

        var testDescription: String { name }
    }

    struct Oracle: Decodable, Sendable {
        struct Patch: Decodable, Sendable {
            let patch: [Int]
            let source: [Int]
            let slices: Bool
        }

        let cases: [Case]
        let patches: [Patch]
    }

    static let oracle: Oracle? = {
        let data = try? Data(contentsOf: Fixtures.url("augmentation/operators.json"))
        return data.flatMap { try? JSONDecoder().decode(Oracle.self, from: $0) }
    }()
    static let cases = oracle?.cases ?? []
    static let patches = oracle?.patches ?? []
    private static let tensors = try? Safetensors.read(Fixtures.url("augmentation/operators.safetensors"))

    static func patch(_ name: String) throws -> LabelledPatch {
        let tensors = try #require(tensors)
        let image = try tensors.tensor(name + ".image")
        let labels =
            tensors.contains(name + ".labels")
            ? try tensors.bytes(name + ".labels") : [UInt8](repeating: 0, count: image.count)
        return LabelledPatch(image: image, labels: labels)
    }

    @Test func theOracleIsThere() { #expect(Self.cases.count == 31 && Self.patches.count == 10) }

    private func operatorOf(_ it: Case) throws -> any PatchOperator {
        switch it.operator {
        case "spatial", "spatial-in-plane":
            let (degrees, scales) = (try #require(it.degrees), try #require(it.scales))
            let patch = try #require(it.patch)
            let isMoved = degrees != [0, 0, 0] || scales != [1, 1, 1]
            let field = try it.spacing.map { spacing in
                let all = try #require(Self.tensors).tensor(it.name + ".coefficients")
                let count = all.count / 3
                return ElasticField(
                    patch: patch, spacing: spacing,
                    coefficients: (0..<3).map { Array(all.values[$0 * count..<($0 + 1) * count]) })
            }
            return SpatialTransform(
                patch: patch, matrix: isMoved ? SpatialTransform.matrix(degrees: degrees, scales: scales) : nil,
                field: field)
        case "blur": return GaussianBlur(deviations: try #require(it.deviations))
        case "brightness": return Brightness(factor: try #require(it.factor))
        case "contrast": return Contrast(factor: try #require(it.factor))
        case "low-resolution": return LowResolution(shares: try #require(it.shares))
        case "gamma": return Gamma(exponent: try #require(it.exponent), inverts: it.inverts == true)
        default: return Mirror(axes: try #require(it.axes))
        }
    }

    /// Intensities lie between −3 and 3; both sides compute in single precision, and places up to 20 voxels from the
    /// origin are rounded to 2·10⁻⁶.
    @Test(arguments: cases) func anOperatorDoesWhatBatchgeneratorsDoes(it: Case) throws {
        var sample = try Self.patch(it.operator.hasPrefix("spatial") ? "source" : "patch")
        if it.operator == "spatial-in-plane" { sample = slices(sample, try #require(it.patch)[0]) }
        let expected = try Self.patch(it.name)
        try operatorOf(it).apply(to: &sample)
        try #require(sample.image.shape == expected.image.shape)
        let largest = zip(sample.image.values, expected.image.values).map { abs($0 - $1) }.max() ?? .infinity
        #expect(largest < 2e-5, "differs by \(largest)")
        guard it.operator.hasPrefix("spatial") || it.operator == "mirror" else { return }
        #expect(sample.labels == expected.labels)
    }

    @Test(arguments: patches) func theSourcePatchIsNNUNets(it: Oracle.Patch) {
        #expect(Augmentation.nnUNet.sourcePatch(for: it.patch) == it.source)
        #expect(Augmentation.isOfThickSlices(it.patch) == it.slices)
        #expect(Augmentation.none.sourcePatch(for: it.patch) == it.patch)
        #expect(Augmentation.light.sourcePatch(for: it.patch) == it.patch)
    }

    private func slices(_ sample: LabelledPatch, _ count: Int) -> LabelledPatch {
        let (extent, area) = (sample.extent, sample.extent.height * sample.extent.width)
        return LabelledPatch(
            image: Tensor(Array(sample.image.values[..<(count * area)]), shape: [count, extent.height, extent.width]),
            labels: Array(sample.labels[..<(count * area)]))
    }
}
