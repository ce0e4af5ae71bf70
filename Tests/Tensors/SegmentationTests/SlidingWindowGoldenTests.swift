import Foundation
import Networks
import Plans
import Segmentation
import TensorCore
import TestSupport
import Testing

/// MONAI's `SlidingWindowInferer` with the golden SegResNet.
@Suite(.enabled(if: Fixtures.golden("sliding_window/expected.safetensors") != nil))
struct SlidingWindowGoldenTests {
    struct Case: Sendable {
        let name: String
        let volume: String
        let plan: WindowPlan
    }

    static let cases = [
        Case(
            name: "constant_025", volume: "volume",
            plan: WindowPlan(overlap: 0.25, weighting: .constant, padding: .zero)),
        Case(name: "gaussian_025", volume: "volume", plan: WindowPlan(overlap: 0.25, padding: .zero)),
        Case(name: "gaussian_050", volume: "volume", plan: WindowPlan(overlap: 0.5, padding: .zero)),
        Case(name: "thin_gaussian_040_replicate", volume: "thin", plan: WindowPlan()),
    ]

    @Test(arguments: cases)
    func logitsAgree(given: Case) throws {
        let weights = try Safetensors.read(#require(Fixtures.golden("segresnet/weights.safetensors")))
        let network = try Network(
            configuration: .segResNet(SegResNet.Configuration(initialFilters: 8)),
            parameters: Parameters(named: weights.names.map { ($0, try weights.tensor($0)) }))
        let input = try Safetensors.read(#require(Fixtures.golden("sliding_window/inputs.safetensors"))).tensor(
            given.volume)
        let expected = try Safetensors.read(#require(Fixtures.golden("sliding_window/expected.safetensors")))

        let window = try SlidingWindow(window: [32, 32, 32], plan: given.plan)
        let logits = try window.predict(input, classes: 26) { try network.logits($0) }

        let size = Array(input.shape[2...])
        let voxels = size.reduce(1, *)
        let subset = try expected.tensor(given.name + ".logits_subset")
        let coarse = Array(subset.shape[2...])
        var largest: Float = 0
        for index in 0..<subset.count {
            let (d, h, w) = (
                index / (coarse[1] * coarse[2]) % coarse[0], index / coarse[2] % coarse[1], index % coarse[2]
            )
            let label = index / coarse.reduce(1, *)
            let position = label * voxels + (d * 4 * size[1] + h * 4) * size[2] + w * 4
            largest = max(largest, abs(logits[position] - subset[index]))
        }
        let scale = try #require(subset.values.map(abs).max())
        #expect(largest < 2e-5 * scale)

        let argmax = try expected.bytes(given.name + ".argmax")
        let nearTie = try expected.bytes(given.name + ".near_tie")
        let labels = Winners.labels(logits)
        #expect(argmax.indices.count { nearTie[$0] == 0 && labels[$0] != argmax[$0] } == 0)
    }

    private enum Winners {
        static func labels(_ logits: Tensor) -> [UInt8] {
            let voxels = logits.count / logits.shape[1]
            return (0..<voxels).map { voxel in
                var best = 0
                for label in 1..<logits.shape[1] where logits[label * voxels + voxel] > logits[best * voxels + voxel] {
                    best = label
                }
                return UInt8(best)
            }
        }
    }
}
