import Foundation
import ModelExchange
import Networks
import Plans
import Segmentation
import TensorCore
import TestSupport
import Testing
import Volumes

/// Whole segmentations beside those of the frameworks that models come from, on their own random weights.
@Suite struct BundleParityTests {
    private let image: Volume<Float>
    private let model: Model
    /// MONAI's classes, as labels.
    private let expected: Volume<UInt8>

    init() throws {
        image = try NIfTI.readImage(Fixtures.url("bundle/image.nii.gz"))
        model = try ModelImport().read(Fixtures.url("bundle/bundle")).model
        let labels = try #require(model.plan.classLabels)
        expected = try NIfTI.readLabels(Fixtures.url("bundle/expected.nii.gz"))
            .relabelled(by: (0...255).map { $0 < labels.count ? UInt8(labels[$0]) : 0 })
    }

    private func share(_ labels: Volume<UInt8>) -> Double {
        Double(zip(labels.voxels, expected.voxels).count { $0 == $1 }) / Double(expected.voxels.count)
    }

    @Test func aBundleOfManyClassesIsSegmentedAsByMONAI() throws {
        var plan = model.plan
        plan.mergesClasses = false
        let whole = try Segmenter(Model(plan: plan, parameters: model.network.parameters), arithmetic: .exact)
        let result = try whole.segment(image: image)
        #expect(result.labels.geometry == image.geometry)
        #expect(share(result.labels) >= 0.9999, "\(share(result.labels))")
        // Most of the volume is not background, or that would say little.
        #expect(expected.voxels.count { $0 > 0 } > expected.voxels.count / 8)
    }

    /// Windows of random weights contradict each other wherever they overlap, as those of learned ones do not: 95.6 % of
    /// all voxels are the same.
    @Test func mergedClassesDifferOnlyWhereWindowsOverlap() throws {
        let result = try Segmenter(model, arithmetic: .exact).segment(image: image)
        #expect(share(result.labels) >= 0.95, "\(share(result.labels))")
        #expect(result.classes.count == 26)
        var plan = model.plan
        plan.patch = [48, 32, 32]
        // One window: merging changes nothing.
        let parameters = model.network.parameters
        let merged = try Segmenter(Model(plan: plan, parameters: parameters)).segment(image: image)
        plan.mergesClasses = false
        let apart = try Segmenter(Model(plan: plan, parameters: parameters)).segment(image: image)
        #expect(merged.windows == 1 && merged.labels == apart.labels)
        #expect(merged.classes.map(\.voxels) == apart.classes.map(\.voxels))
        #expect(merged.memory.logits < apart.memory.logits / 3)
    }

    @Test func theSameComesOfTwoSteps() throws {
        let ready = try Preprocessor(model.plan).networkReady(image: image)
        let segmenter = try Segmenter(model)
        #expect(
            try segmenter.segment(networkReady: ready, original: image.geometry).labels
                == segmenter.segment(image: image).labels)
    }
}
