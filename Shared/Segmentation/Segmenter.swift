import Networks
package import Plans
package import TensorCore
package import Volumes

/// A model at work: network-ready volume → sliding window → labels on the original grid.
///
/// Synchronous and pure; cancel by throwing from `progress`, which is called after every window with the windows done and all windows.
package struct Segmenter: Sendable {
    package let model: Model
    /// The peak a segmentation may need by `memoryEstimate`; nil: no limit.
    package let memoryLimitInBytes: Int?
    private let pool: ComputePool
    private let window: SlidingWindow
    private let preprocessor: Preprocessor

    /// - Throws: `PlanError.invalidPlan`, `SegmentationError.invalidWindow`.
    package init(_ model: Model, memoryLimitInBytes: Int? = nil, pool: ComputePool = .shared) throws {
        self.model = model
        self.memoryLimitInBytes = memoryLimitInBytes
        self.pool = pool
        window = try SlidingWindow(window: model.plan.patch, plan: model.plan.slidingWindow)
        preprocessor = try Preprocessor(model.plan)
    }

    /// The memory and the windows that a network-ready volume of this size will need.
    package func memoryEstimate(network: Geometry, original: Geometry) -> MemoryEstimate {
        MemoryEstimate(
            networkSize: network.size, originalVoxels: original.voxelCount, window: model.plan.patch, classes: model.plan.classes,
            filters: model.plan.network.initialFilters)
    }

    /// Labels of a CT in Hounsfield units, on its own grid.
    /// - Throws: `PlanError.voxelNotFinite`, `SegmentationError.memoryLimit`, what `progress` throws.
    package func segment(image: Volume<Float>, progress: (Int, Int) throws -> Void = { _, _ in }) throws -> SegmentedVolume {
        try segment(networkReady: preprocessor.networkReady(image: image), original: image.geometry, progress: progress)
    }

    /// The same from a volume that preprocessing has made network-ready by the model's plan.
    /// - Parameter original: the grid of the CT it was made from; the labels come back on exactly this grid.
    /// - Throws: `SegmentationError.unusableVolume` if the volume isn't at the plan's spacing or doesn't cover the original grid.
    package func segment(
        networkReady volume: Volume<Float>, original: Geometry, progress: (Int, Int) throws -> Void = { _, _ in }
    ) throws -> SegmentedVolume {
        let inversion = try GridInversion(network: volume.geometry, original: original)
        let memory = try demandMemory(network: volume.geometry, original: original)
        var windows = 0
        let logits = try logits(networkReady: volume) { done, all in
            windows = all
            try progress(done, all)
        }
        let labels = inversion.labels(logits, pool: pool)
        let winners = Winners(logits, confidence: true, pool: pool)
        return SegmentedVolume(labels: labels, classes: summaries(labels, winners), windows: windows, memory: memory)
    }

    /// Labels on the network's own grid, as validation compares them.
    package func networkLabels(
        networkReady volume: Volume<Float>, progress: (Int, Int) throws -> Void = { _, _ in }
    ) throws -> Volume<UInt8> {
        _ = try demandMemory(network: volume.geometry, original: volume.geometry)
        let logits = try logits(networkReady: volume, progress: progress)
        return TensorVolume.volume(labels: Winners(logits, confidence: false, pool: pool).labels, geometry: volume.geometry)
    }

    private func logits(networkReady volume: Volume<Float>, progress: (Int, Int) throws -> Void) throws -> Tensor {
        try demandSpacing(volume.geometry)
        return try window.predict(
            TensorVolume.tensor(volume), classes: model.plan.classes, pool: pool, progress: progress,
            predictor: { try model.network.logits($0, pool: pool) })
    }

    private func summaries(_ labels: Volume<UInt8>, _ winners: Winners) -> [ClassSummary] {
        var voxels = [Int](repeating: 0, count: 256)
        for label in labels.voxels { voxels[Int(label)] += 1 }
        return winners.counts.indices.map { label in
            let isMeasured = label > 0 && winners.counts[label] > 0
            return ClassSummary(
                label: label, voxels: voxels[label],
                meanConfidence: isMeasured ? winners.confidence[label] / Double(winners.counts[label]) : nil)
        }
    }

    private func demandSpacing(_ geometry: Geometry) throws {
        // Resampling leaves an axis alone whose spacing is within 1e-3 mm of the plan's; single precision in files adds a little.
        let spacing = geometry.spacingInMillimetres
        guard zip(spacing, model.plan.spacingInMillimetres).allSatisfy({ abs($0 - $1) < 2e-3 }) else {
            throw SegmentationError(
                .unusableVolume, "network-ready volume must have the plan's spacing of \(model.plan.spacingInMillimetres) mm, got \(spacing)")
        }
    }

    private func demandMemory(network: Geometry, original: Geometry) throws -> MemoryEstimate {
        let estimate = memoryEstimate(network: network, original: original)
        guard let limit = memoryLimitInBytes, estimate.bytes > limit else { return estimate }
        throw SegmentationError(
            .memoryLimit,
            """
            segmenting \(network.size) voxels in \(model.plan.classes) classes needs about \(estimate.bytes >> 20) MiB, the limit is \
            \(limit >> 20) MiB; crop the volume or raise the limit
            """)
    }
}
