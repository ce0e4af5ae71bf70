import Foundation
import Plans
import Segmentation
import TensorCore
import TestSupport
import Testing

/// nnU-Net's own results, made by Benchmarks/golden/make_nnunet_window.py.
@Suite struct NNUNetWindowTests {
    struct Golden: Decodable {
        struct Case: Decodable {
            let volume: String
            let step: Double
            let mirroring: [Int]
        }
        struct Starts: Decodable {
            let edge: Int
            let step: Double
            let length: Int
            let starts: [Int]
        }
        let patch: [Int]
        let coefficients: [[Float]]
        let cases: [String: Case]
        let starts: [Starts]
    }

    private let golden: Golden
    private let tensors: Safetensors

    init() throws {
        golden = try JSONDecoder().decode(
            Golden.self, from: Data(contentsOf: Fixtures.url("networks/nnunet_window.json")))
        tensors = try Safetensors.read(Fixtures.url("networks/nnunet_window.safetensors"))
    }

    @Test func startsAreThoseOfItsFunction() {
        #expect(golden.starts.count > 100)
        for one in golden.starts {
            #expect(
                SlidingWindow.evenStarts(length: one.length, edge: one.edge, step: one.step) == one.starts, "\(one)")
        }
        #expect(SlidingWindow.evenStarts(length: 100, edge: 96, step: 1e-12) == [0, 1, 2, 3, 4])
    }

    @Test(arguments: [[8, 6, 5], [128, 1, 1], [7, 12, 3], [1, 40, 1]])
    func theImportanceMapIsThatOfItsFunction(size: [Int]) throws {
        let weights = try SlidingWindow(window: size, plan: .nnUNet).importance()
        let expected = try tensors.tensor("map." + size.map(String.init).joined(separator: "x")).values
        #expect(weights.count == expected.count && weights.max() == 10)
        for (weight, truth) in zip(weights, expected) { #expect(abs(weight - truth) <= 2e-6 * truth) }
    }

    /// A narrow Gaussian is cut at 4 sigma; nothing may be divided by zero there.
    @Test func zerosOfTheMapBecomeItsSmallestWeight() throws {
        let plan = WindowPlan(convention: .nnUNet, sigmaScale: 1.0 / 32)
        let weights = try SlidingWindow(window: [1, 1, 32], plan: plan).importance()
        let smallest = Float(10 * exp(-8.0))
        for index in 0..<32 {
            let distance = Double(abs(index - 16))
            #expect(abs(weights[index] - (distance <= 4 ? Float(10 * exp(-distance * distance / 2)) : smallest)) < 1e-5)
        }
    }

    /// The formula that stood in for the network: asymmetric along every axis, and it sees the window's borders.
    private func answer(_ window: Tensor) -> Tensor {
        let (d, h, w) = (golden.patch[0], golden.patch[1], golden.patch[2])
        var values: [Float] = []
        for factors in golden.coefficients {
            for voxel in 0..<d * h * w {
                let (i, j, k) = (voxel / (h * w), voxel / w % h, voxel % w)
                let right = k + 1 < w ? window[voxel + 1] : 0
                let below = i > 0 ? window[voxel - h * w] : 0
                values.append(
                    factors[0] * window[voxel] + factors[1] * right + factors[2] * below + factors[3]
                        * Float(i + 2 * j + 3 * k))
            }
        }
        return Tensor(values, shape: [1, golden.coefficients.count] + golden.patch)
    }

    @Test(arguments: ["plain", "mirrored", "one_axis", "thin"])
    func logitsAreThoseOfItsPredictor(name: String) throws {
        let given = try #require(golden.cases[name])
        let volume = try tensors.tensor(given.volume)
        var plan = WindowPlan.nnUNet
        plan.overlap = 1 - given.step
        plan.mirroring = given.mirroring
        let window = try SlidingWindow(window: golden.patch, plan: plan)
        let logits = try window.predict(volume.reshaped([1, 1] + volume.shape), classes: 2, predictor: answer)
        let expected = try tensors.tensor("\(name).logits")
        #expect(logits.shape == [1] + expected.shape)
        let scale = try #require(expected.values.map(abs).max())
        for index in 0..<expected.count { #expect(abs(logits[index] - expected[index]) < 2e-6 * scale) }
    }

    @Test func passesAreAllCombinationsOfTheAxes() throws {
        var plan = WindowPlan.nnUNet
        #expect(try SlidingWindow(window: [4, 4, 4], plan: plan).passes == [[]])
        plan.mirroring = [0, 1, 2]
        #expect(
            try SlidingWindow(window: [4, 4, 4], plan: plan).passes == [
                [], [0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2],
            ])
        plan.mirroring = [2, 2]
        #expect(throws: SegmentationError.self) { try SlidingWindow(window: [4, 4, 4], plan: plan) }
    }
}
