import Foundation
import Plans
import Segmentation
import TensorCore
import TestSupport
import Testing
import Volumes

/// The way back to the original grid beside that of nnU-Net 2.8.1's export: Benchmarks/golden/make_resampling.py.
@Suite struct NNUNetInversionTests {
    struct Record: Decodable {
        struct Case: Decodable {
            var size: [Int]
            var spacing: [Double]
            var plan: [Double]
            var shape: [Int]
            var separate_axis: Int?
        }
        var way_back: [String: Case]
    }

    private func plan(_ facts: Record.Case) -> Plan {
        var plan = Plan()
        // nnU-Net's arrays are (k, j, i) of images stored as RAS.
        plan.orientation = "SAR"
        plan.spacingInMillimetres = facts.plan
        plan.resampling = .nnUNet
        return plan
    }

    @Test(arguments: ["isotropic", "coarse_plan", "coarse_original", "same_size"], [true, false])
    func labelsAreThoseOfNNUNetsExport(_ name: String, fromAFile: Bool) throws {
        let json = try Data(contentsOf: Fixtures.url("resampling/resampling.json"))
        let facts = try #require(try JSONDecoder().decode(Record.self, from: json).way_back[name])
        let tensors = try Safetensors.read(Fixtures.url("resampling/way_back.safetensors"))
        let original = Geometry(
            size: facts.size.reversed(),
            affine: Affine(spacingInMillimetres: facts.spacing.reversed(), origin: [-31.5, 70.25, 12.125]))
        let plan = plan(facts)
        var network = try Preprocessor(plan).networkGeometry(of: original)
        #expect(network.size == facts.shape)
        // Files keep affines in single precision.
        if fromAFile { network.affine = Affine(rows: network.affine.rows.map { $0.map { Double(Float($0)) } }) }

        let logits = try tensors.tensor("\(name).logits")
        let labels = try GridInversion(network: network, original: original, plan: plan)
            .labels(Tensor(logits.values, shape: [1, 5] + facts.shape))

        #expect(labels.geometry == original)
        let (expected, clear) = (try tensors.bytes("\(name).labels"), try tensors.bytes("\(name).clear"))
        #expect(clear.count { $0 == 1 } > expected.count * 9 / 10)
        let wrong = (0..<expected.count).filter { clear[$0] == 1 && labels.voxels[$0] != expected[$0] }
        #expect(wrong.isEmpty, "\(wrong.count) of \(expected.count) labels differ")
    }
}
