import Faults
import Foundation
import Networks
import Plans
import Segmentation
import TensorCore
import Testing
import Volumes

/// Several networks of one plan: the mean of their logits decides, before anything is resampled.
@Suite struct EnsembleTests {
    private static let plan: Plan = {
        var plan = Plan()
        plan.labelSet = "toy"
        plan.patch = [4, 4, 4]
        plan.slidingWindow = .nnUNet
        plan.slidingWindow.mirroring = [1]
        plan.network = .segResNet(
            SegResNet.Configuration(outputChannels: 3, initialFilters: 8, blocksDown: [1, 1], blocksUp: [1]))
        return plan
    }()

    private static let folds = (1...2).map { seed in
        Network(configuration: plan.network, seed: UInt64(seed)).parameters
    }

    private let ready = Volume<Float>(
        geometry: Geometry(size: [6, 4, 5], affine: Affine(spacingInMillimetres: [1.5, 1.5, 1.5])),
        voxels: (0..<6 * 4 * 5).map { Float(($0 * 37) % 200) / 100 - 1 })

    /// Whole volumes of logits, blended from the windows of one network each, averaged by hand.
    @Test func anEnsembleGivesTheMeanOfItsNetworksLogits() throws {
        let window = try SlidingWindow(window: Self.plan.patch, plan: Self.plan.slidingWindow)
        let volumes = try Self.folds.map { parameters in
            let network = try Network(configuration: Self.plan.network, parameters: parameters)
            return try window.predict(TensorVolume.tensor(ready), classes: 3) {
                try network.logits($0, by: .inference())
            }.values
        }
        let mean = volumes[0].indices.map { index in volumes.reduce(0) { $0 + $1[index] } / 2 }
        let voxels = ready.voxels.count
        let labels = try Segmenter(Model(plan: Self.plan, ensemble: Self.folds)).networkLabels(networkReady: ready)
        let found = TensorVolume.labels(labels)
        var differing = 0
        for voxel in 0..<voxels {
            let logits = (0..<3).map { mean[$0 * voxels + voxel] }
            let best = logits.indices.max { logits[$0] < logits[$1] } ?? 0
            // Where two are as good as equal, rounding decides.
            guard logits.indices.allSatisfy({ $0 == best || logits[best] - logits[$0] > 1e-4 }) else { continue }
            if Int(found[voxel]) != best { differing += 1 }
        }
        #expect(differing == 0 && Set(found).count > 1)
        for parameters in Self.folds {
            let alone = try Segmenter(Model(plan: Self.plan, parameters: parameters)).networkLabels(networkReady: ready)
            #expect(alone != labels)
        }
    }

    @Test func networksThatAreEqualGiveTheLabelsOfOne() throws {
        let one = Self.folds[0]
        let alone = try Segmenter(Model(plan: Self.plan, parameters: one))
        let twice = try Segmenter(Model(plan: Self.plan, ensemble: [one, one]))
        let (a, b) = (
            try alone.segment(networkReady: ready, original: ready.geometry),
            try twice.segment(networkReady: ready, original: ready.geometry)
        )
        #expect(a.labels == b.labels && a.classes == b.classes)
        // The weights of both, and one window's logits more: no second volume of logits.
        let (small, large) = (
            alone.memoryEstimate(network: ready.geometry, original: ready.geometry),
            twice.memoryEstimate(network: ready.geometry, original: ready.geometry)
        )
        #expect(large.logits == small.logits && large.volumes == small.volumes && large.window > small.window)
    }

    @Test func aModelFileKeepsAllOfItsNetworks() throws {
        let model = try Model(plan: Self.plan, ensemble: Self.folds)
        let data = try ModelFile.data(model)
        #expect(try ModelFile.data(ModelFile.model(from: data)) == data)
        let read = try ModelFile.model(from: data)
        for (network, parameters) in zip(read.networks, Self.folds) {
            #expect(network.parameters.names == parameters.names)
            for name in parameters.names { #expect(network.parameters[name].values == parameters[name].values) }
        }
        let one = try ModelFile.data(Model(plan: Self.plan, parameters: Self.folds[0]))
        #expect(String(decoding: one.prefix(4096), as: UTF8.self).contains("\"networks\"") == false)
    }

    @Test(arguments: ["1", "x", "4"]) func aModelFileWithAnotherNumberOfNetworksIsRefused(count: String) throws {
        let tensors = Self.folds.enumerated().flatMap { number, parameters in
            parameters.named.map { (name: "\(number)/\($0.name)", tensor: $0.tensor) }
        }
        let data = Safetensors.serialized(
            tensors, metadata: ["plan": String(decoding: try Self.plan.json(), as: UTF8.self), "networks": count])
        #expect(throws: (any Error).self) { try ModelFile.model(from: data) }
    }
}
