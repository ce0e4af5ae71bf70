import Faults
import Foundation
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
        plan.network = .segResNet(
            SegResNet.Configuration(outputChannels: 3, initialFilters: 8, blocksDown: [1, 1], blocksUp: [1]))
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

    /// MIC-DKFZ/nnUNet#2796: what lies outside of the box of voxels that are not 0 is background, what lies in it as if
    /// the rest were not there.
    @Test func bordersOfZerosAreBackground() throws {
        var plan = try model().plan
        (plan.resampling, plan.interpolation, plan.orientation, plan.slidingWindow) = (.nnUNet, .cubic, "SAR", .nnUNet)
        let model = try Model(plan: plan, parameters: model().network.parameters)
        let box = VoxelBox([4..<18, 0..<12, 2..<15])
        let inside = image.map { $0 == 0 ? 1 : $0 }.cropped(to: box)
        let whole = inside.placed(at: box, in: image.geometry, outside: 0)
        let (alone, labels) = (
            try Segmenter(model).segment(image: inside), try Segmenter(model).segment(image: whole).labels
        )
        #expect(labels == alone.labels.placed(at: box, in: image.geometry, outside: 0))
        #expect(Set(alone.labels.voxels).count > 1)
        // The same in two steps, as the workers take them.
        let ready = try Preprocessor(plan).networkReady(image: whole)
        #expect(try Segmenter(model).segment(networkReady: ready, original: image.geometry).labels == labels)
    }

    /// wasserth/TotalSegmentator, task 292: S1 and the rest of the sacrum are two classes and one label.
    @Test func severalClassesCanBeOneLabel() throws {
        let plain = try Segmenter(model()).segment(image: image)
        var plan = try model().plan
        plan.classLabels = [0, 1, 1]
        let folded = try Segmenter(Model(plan: plan, parameters: model().network.parameters)).segment(image: image)
        #expect(folded.labels.voxels == plain.labels.voxels.map { min($0, 1) })
        #expect(folded.classes.map(\.label) == [0, 1])
        #expect(folded.classes[1].voxels == plain.classes[1].voxels + plain.classes[2].voxels)
        #expect(folded.classes.allSatisfy { ($0.meanEntropy ?? 0) <= 1 && ($0.meanConfidence ?? 0) <= 1 })
    }

    @Test func aPlanThatKeepsSpacingIsSegmentedAtIt() throws {
        var plan = try model().plan
        (plan.resampling, plan.keepsSpacing, plan.slidingWindow) = (.nnUNet, true, .nnUNet)
        let image = image.map { $0 == 0 ? 1 : $0 }
        let model = try Model(plan: plan, parameters: model().network.parameters)
        let window = try SlidingWindow(window: plan.patch, plan: plan.slidingWindow)
        let ready = try Preprocessor(plan).networkReady(image: image)
        let logits = try window.predict(TensorVolume.tensor(ready), classes: 3) { try model.network.logits($0) }
        let expected = try GridInversion(network: ready.geometry, original: image.geometry).labels(logits)
        #expect(try Segmenter(model).segment(image: image).labels == expected)
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
        let image = Volume<Float>(
            geometry: geometry, voxels: (0..<geometry.voxelCount).map { Float(($0 * 31) % 900) - 200 })
        let ready = try Preprocessor(model.plan).networkReady(image: image)
        let window = try SlidingWindow(window: model.plan.patch, plan: model.plan.slidingWindow)
        let logits = try window.predict(TensorVolume.tensor(ready), classes: 3) { try model.network.logits($0) }
        let expected = try GridInversion(network: ready.geometry, original: geometry).labels(logits)

        let result = try Segmenter(model).segment(image: image)
        #expect(result.labels == expected)
        #expect(Set(expected.voxels).count > 1)
        try expectEntropies(result.classes, of: logits)
        #expect(result.windows == window.origins(size: ready.geometry.size).count)
    }

    /// The mean of −Σ p ln p / ln 3 by winning class, in double precision.
    private func expectEntropies(_ classes: [ClassSummary], of logits: Tensor) throws {
        let voxels = logits.values.count / 3
        var (sums, counts) = ([0.0, 0, 0], [0, 0, 0])
        for voxel in 0..<voxels {
            let column = (0..<3).map { Double(logits.values[$0 * voxels + voxel]) }
            let total = column.reduce(0) { $0 + exp($1) }
            let winner = try #require(
                column.indices.max { column[$0] < column[$1] || (column[$0] == column[$1] && $0 > $1) })
            sums[winner] -= column.reduce(0) { $0 + exp($1) / total * log(exp($1) / total) }
            counts[winner] += 1
        }
        #expect(classes[0].meanEntropy == nil && classes.contains { $0.meanEntropy != nil })
        for one in classes.dropFirst() {
            guard counts[one.label] > 0 else { return #expect(one.meanEntropy == nil) }
            #expect(abs(try #require(one.meanEntropy) - sums[one.label] / Double(counts[one.label]) / log(3)) < 1e-5)
        }
    }

    @Test func memoryIsStatedAndLimitedBeforehand() throws {
        let segmenter = try Segmenter(model(), memoryLimitInBytes: 1 << 16)
        let error = #expect(throws: SegmentationError.self) {
            try segmenter.segment(image: image, progress: { _ in Issue.record("a window ran") })
        }
        #expect(error?.code == .memoryLimit)
        let estimate = segmenter.memoryEstimate(
            network: try Preprocessor(segmenter.model.plan).networkGeometry(of: image.geometry),
            original: image.geometry)
        let (needed, limit) = ("needs about \(estimate.bytes >> 20) MiB", "limit is 0 MiB")
        #expect(error?.description.contains(needed) == true && error?.description.contains(limit) == true)
    }

    /// A gantry's tilt left in the affine: no plane of the CT lies between two of the network's, so all logits are held
    /// at once.
    @Test func shearedGridsNeedAllLogitsAtOnce() throws {
        var model = try model()
        let columns: [SIMD3<Double>] = [SIMD3(1.5, 0, 0), SIMD3(0, 1.5, 0.3), SIMD3(0, 0, 1.5)]
        let sheared = Geometry(size: [60, 20, 20], affine: Affine(columns: columns, origin: .zero))
        let straight = Geometry(size: [60, 20, 20], affine: Affine(spacingInMillimetres: [1.5, 1.5, 1.5]))
        let network = try Preprocessor(model.plan).networkGeometry(of: sheared)
        let slabs = try Segmenter(model).memoryEstimate(network: straight, original: straight)
        let whole = try Segmenter(model).memoryEstimate(network: network, original: sheared)
        #expect(slabs.logits == 4 * 17 * 400 * 4)
        #expect(whole.logits == (4 * 17 + 3 * network.size[0]) * network.size[1] * network.size[2] * 4)
        #expect(whole.window == slabs.window)
        // Mirrored passes follow one another.
        model = try Model(
            plan: {
                var plan = model.plan; plan.slidingWindow.mirroring = [0, 1, 2]; return plan
            }(), parameters: model.network.parameters)
        #expect(try Segmenter(model).memoryEstimate(network: network, original: sheared) == whole)
        // Labels come back on the sheared grid itself.
        let voxels = (0..<24000).map { Float(($0 * 31) % 900) - 200 }
        #expect(
            try Segmenter(model).segment(image: Volume(geometry: sheared, voxels: voxels)).labels.geometry == sheared)
    }

    /// A case whose axes are the network's: (i, j, k) grow to the head, to the front and to the right.
    @Test func axesFollowThePlansOrientation() throws {
        var model = try model()
        let size = [40, 21, 33]
        let voxels = (0..<size.reduce(1, *)).map { Float(($0 * 31) % 900) - 200 }
        let straight = Volume<Float>(
            geometry: Geometry(size: size, affine: Affine(spacingInMillimetres: [1, 2, 1.3])), voxels: voxels)
        var plan = model.plan
        plan.patch = [16, 8, 24]
        plan.spacingInMillimetres = [1.5, 1.9, 1.4]
        plan.slidingWindow.mirroring = [2]
        model = try Model(plan: plan, parameters: model.network.parameters)
        let expected = try Segmenter(model).segment(image: straight)

        plan.orientation = "SAR"
        let turned = try Segmenter(Model(plan: plan, parameters: model.network.parameters))
        let columns: [SIMD3<Double>] = [SIMD3(0, 0, 1), SIMD3(0, 2, 0), SIMD3(1.3, 0, 0)]
        let image = Volume<Float>(
            geometry: Geometry(size: size, affine: Affine(columns: columns, origin: .zero)), voxels: voxels)
        let result = try turned.segment(image: image)
        #expect(result.labels.geometry == image.geometry)
        #expect(result.labels.voxels == expected.labels.voxels)
        #expect(Set(expected.labels.voxels).count > 1)
        // The same CT stored along other axes gives the same labels in the same places.
        let stored = image.reoriented(to: try #require(Orientation("RAS")))
        let again = try turned.segment(image: stored).labels
        #expect(again.geometry == stored.geometry)
        #expect(again.reoriented(to: try #require(Orientation("SAR"))).voxels == expected.labels.voxels)
    }

    /// All of it is below the intensity window but for a slab of bone.
    @Test func airIsSkippedOnRequestAndTold() throws {
        var voxels = [Float](repeating: -1000, count: 64 * 12 * 15)
        for index in voxels.indices where index % 64 > 40 { voxels[index] = Float((index * 31) % 900) - 200 }
        let image = Volume<Float>(
            geometry: Geometry(size: [64, 12, 15], affine: Affine(spacingInMillimetres: [1.5, 1.5, 1.5])),
            voxels: voxels)
        let model = try model()
        // Windows start at 0, 9, 18, 27, 36, 45 and 48; the first three end before the bone at 41.
        let all = try Segmenter(model).segment(image: image)
        let fewer = try Segmenter(model, skipsAir: true).segment(image: image)
        #expect(all.skippedWindows == 0 && fewer.windows == all.windows)
        #expect(fewer.skippedWindows == 3 && all.windows == 7)
        for index in voxels.indices where index % 64 >= 34 {
            #expect(fewer.labels.voxels[index] == all.labels.voxels[index])
        }
        for index in voxels.indices where index % 64 < 27 { #expect(fewer.labels.voxels[index] == 0) }
        #expect(fewer.labels != all.labels)

        var plan = model.plan
        plan.slidingWindow.airInHounsfieldUnits = 900
        let none = try Segmenter(Model(plan: plan, parameters: model.network.parameters), skipsAir: true).segment(
            image: image)
        #expect(none.skippedWindows == none.windows && none.labels.voxels.allSatisfy { $0 == 0 })
    }

    @Test func airIsUnknownWhereIntensitiesDependOnTheVolume() throws {
        var plan = try model().plan
        plan.intensities = .monaiLabel
        let model = try Model(plan: plan, parameters: model().network.parameters)
        let error = #expect(throws: SegmentationError.self) { try Segmenter(model, skipsAir: true) }
        #expect(error?.code == .unknownAir)
        _ = try Segmenter(model)
    }

    @Test func refusesVoxelsThatAreNoNumbers() throws {
        let model = try model()
        var ready = try Preprocessor(model.plan).networkReady(image: image)
        ready.voxels[7] = .infinity
        let error = #expect(throws: PlanError.self) {
            try Segmenter(model).segment(networkReady: ready, original: image.geometry)
        }
        #expect(error?.code == .voxelNotFinite)
    }

    @Test func refusesAVolumeThatIsNoPartOfTheOriginal() throws {
        var plan = try model().plan
        (plan.resampling, plan.keepsSpacing) = (.nnUNet, true)
        let model = try Model(plan: plan, parameters: model().network.parameters)
        let ready = Volume<Float>(geometry: Geometry(size: [16, 16, 16], affine: .identity), repeating: 0)
        let original = Geometry(
            size: [16, 16, 16], affine: Affine(spacingInMillimetres: [1, 1, 1], origin: [0.5, 0, 0]))
        let error = #expect(throws: SegmentationError.self) {
            try Segmenter(model).segment(networkReady: ready, original: original)
        }
        #expect(error?.code == .unusableVolume)
    }

    @Test func refusesAVolumeOfAnotherSpacing() throws {
        let coarse = Volume<Float>(
            geometry: Geometry(size: [8, 8, 8], affine: Affine(spacingInMillimetres: [3, 3, 3])), repeating: 0)
        let error = #expect(throws: SegmentationError.self) {
            try Segmenter(model()).segment(networkReady: coarse, original: coarse.geometry)
        }
        #expect(error?.code == .unusableVolume)
    }
}
