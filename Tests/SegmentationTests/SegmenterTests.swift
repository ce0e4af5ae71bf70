import Networks
import Plans
import Segmentation
import TensorCore
import Testing
import Volumes

@Suite struct SegmenterTests {
    private func model() throws -> Model {
        var plan = Plan()
        plan.labelSet = "toy"
        plan.patch = [16, 16, 16]
        plan.network = .segResNet(SegResNet.Configuration(outputChannels: 3, initialFilters: 8, blocksDown: [1, 1], blocksUp: [1]))
        return try Model(plan: plan, parameters: Network(configuration: plan.network, seed: 1).parameters)
    }

    private let image = Volume<Float>(
        geometry: Geometry(size: [20, 12, 15], affine: Affine(spacingInMillimetres: [1, 2, 1.3], origin: [5, 6, 7]))
            .reoriented(to: Orientation("LPS")!),
        voxels: (0..<3600).map { Float(($0 * 31) % 900) - 200 })

    @Test func labelsComeBackOnTheOriginalGrid() throws {
        let result = try Segmenter(model()).segment(image: image)
        #expect(result.labels.geometry == image.geometry)
        #expect(result.classes.map(\.voxels).reduce(0, +) == 3600)
        for summary in result.classes {
            #expect(summary.voxels == result.labels.voxels.count { $0 == summary.label })
            if let confidence = summary.meanConfidence { #expect((1.0 / 3...1).contains(confidence)) }
        }
    }

    @Test func aNetworkReadyVolumeGivesTheSameLabels() throws {
        let model = try model()
        let segmenter = try Segmenter(model)
        let ready = try Preprocessor(model.plan).networkReady(image: image)
        let result = try segmenter.segment(networkReady: ready, original: image.geometry)
        #expect(try result.labels == segmenter.segment(image: image).labels)
    }

    /// Volumes longer than the window leave it in several slabs, in rising or falling order of the original planes.
    @Test(arguments: ["RAS", "LPS", "PIR", "SLA"])
    func slabBySlabGivesTheLabelsOfAllLogitsAtOnce(orientation: String) throws {
        let model = try model()
        let geometry = Geometry(size: [70, 21, 33], affine: Affine(spacingInMillimetres: [1, 2, 1.3]))
            .reoriented(to: try #require(Orientation(orientation)))
        let image = Volume<Float>(geometry: geometry, voxels: (0..<geometry.voxelCount).map { Float(($0 * 31) % 900) - 200 })
        let ready = try Preprocessor(model.plan).networkReady(image: image)
        let window = try SlidingWindow(window: model.plan.patch, plan: model.plan.slidingWindow)
        let logits = try window.predict(TensorVolume.tensor(ready), classes: 3) { try model.network.logits($0) }
        let expected = try GridInversion(network: ready.geometry, original: geometry).labels(logits)

        let result = try Segmenter(model).segment(image: image)
        #expect(result.labels == expected)
        #expect(Set(expected.voxels).count > 1)
        #expect(result.windows == window.origins(size: ready.geometry.size).count)
    }

    @Test func memoryIsStatedAndLimitedBeforehand() throws {
        let segmenter = try Segmenter(model(), memoryLimitInBytes: 1 << 16)
        let error = #expect(throws: SegmentationError.self) {
            try segmenter.segment(image: image, progress: { _, _ in Issue.record("a window ran") })
        }
        #expect(error?.code == .memoryLimit)
        #expect(error?.description.contains("MiB") == true)
    }

    @Test func refusesAVolumeOfAnotherSpacing() throws {
        let coarse = Volume<Float>(geometry: Geometry(size: [8, 8, 8], affine: Affine(spacingInMillimetres: [3, 3, 3])), repeating: 0)
        let error = #expect(throws: SegmentationError.self) {
            try Segmenter(model()).segment(networkReady: coarse, original: coarse.geometry)
        }
        #expect(error?.code == .unusableVolume)
    }
}
