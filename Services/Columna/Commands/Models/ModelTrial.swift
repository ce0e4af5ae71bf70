import Console
import Documents
import Foundation
import ModelExchange
import Phantoms
import Plans
import Segmentation
import Volumes

/// One segmentation of a small phantom: whether a model that was brought in runs at all, before anything is made of it.
struct ModelTrial {
    let classCount: Int
    let windowCount: Int
    let seconds: Double

    /// - Throws: what segmenting throws, such as `SegmentationError.unusableLogits`. Blocks and computes.
    init(_ model: Model, progress: ProgressLine) throws {
        let plan = model.plan
        // About one window; a grid that must be resampled and turned.
        let configuration = PhantomConfiguration(
            coverage: .levels(19...23), size: plan.patch.map { min(max($0, 16), 128) },
            spacingInMillimetres: plan.spacingInMillimetres.map { min(max($0 * 0.98, 0.5), 5) })
        let phantom = try PhantomStudy(seed: 1, configuration: configuration)
        let image = Volume(geometry: phantom.ct.geometry, voxels: phantom.ct.voxels.map(Float.init))
        let clock = Stopwatch()
        let result = try Segmenter(
            model, memoryLimitInBytes: Int(clamping: ProcessInfo.processInfo.physicalMemory)
        ).segment(image: image) { progress.show($0.fraction, "trying it on a phantom: \($0)") }
        seconds = clock.seconds
        windowCount = result.windows
        classCount = result.classes.count { $0.label > 0 && $0.voxels > 0 }
    }

    var sentence: String {
        "tried on a phantom: \(classCount) labels in \(windowCount) \(windowCount == 1 ? "window" : "windows"), \(Wording.duration(seconds))"
    }
}
