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

    /// The memory that a network-ready volume on this grid will need; known before it is made by `Preprocessor.networkGeometry(of:)`.
    package func memoryEstimate(network: Geometry, original: Geometry) -> MemoryEstimate {
        let takesSlabs = (try? GridInversion(network: network, original: original).takesSlabs) ?? false
        return MemoryEstimate(
            networkSize: network.size, originalVoxels: original.voxelCount, window: window, classes: model.plan.classes,
            filters: model.plan.network.features[0], takesSlabs: takesSlabs)
    }

    /// The windows that a volume of this size will be covered by.
    package func windowCount(networkSize: [Int]) -> Int { window.origins(size: networkSize).count }

    /// Labels of a CT in Hounsfield units, on its own grid.
    /// - Throws: `PlanError.voxelNotFinite`, `SegmentationError.memoryLimit`, what `progress` throws.
    package func segment(image: Volume<Float>, progress: (Int, Int) throws -> Void = { _, _ in }) throws -> SegmentedVolume {
        // Before any work: the limit is known from the grid alone.
        _ = try demandMemory(network: preprocessor.networkGeometry(of: image.geometry), original: image.geometry)
        return try segment(networkReady: preprocessor.networkReady(image: image), original: image.geometry, progress: progress)
    }

    /// The same from a volume that preprocessing has made network-ready by the model's plan.
    /// - Parameter original: the grid of the CT it was made from; the labels come back on exactly this grid.
    /// - Throws: `SegmentationError.unusableVolume` if the volume isn't at the plan's spacing or doesn't cover the original grid.
    package func segment(
        networkReady volume: Volume<Float>, original: Geometry, progress: (Int, Int) throws -> Void = { _, _ in }
    ) throws -> SegmentedVolume {
        let inversion = try GridInversion(network: volume.geometry, original: original)
        let memory = try demandMemory(network: volume.geometry, original: original)
        var labels = Volume<UInt8>(geometry: original, repeating: 0)
        var tally = Tally(classes: model.plan.classes)
        if inversion.takesSlabs {
            try predict(volume, progress: progress) { slab in
                inversion.add(slab, to: &labels, pool: pool)
                tally.add(Winners(slab, confidence: true, pool: pool))
            }
        } else {
            let logits = try window.predict(
                tensor(volume), classes: model.plan.classes, pool: pool, progress: progress,
                predictor: { try model.network.logits($0, pool: pool) })
            labels = inversion.labels(logits, pool: pool)
            tally.add(Winners(LogitSlab(logits: logits, first: 0, fresh: 0..<volume.geometry.size[0]), confidence: true, pool: pool))
        }
        return SegmentedVolume(
            labels: labels, classes: tally.summaries(of: labels), windows: window.origins(size: volume.geometry.size).count, memory: memory)
    }

    /// Labels on the network's own grid, as validation compares them.
    package func networkLabels(
        networkReady volume: Volume<Float>, progress: (Int, Int) throws -> Void = { _, _ in }
    ) throws -> Volume<UInt8> {
        _ = try demandMemory(network: volume.geometry, original: volume.geometry)
        var labels: [UInt8] = []
        labels.reserveCapacity(volume.geometry.voxelCount)
        try predict(volume, progress: progress) { slab in
            labels += Winners(slab, confidence: false, pool: pool).labels
        }
        return TensorVolume.volume(labels: labels, geometry: volume.geometry)
    }

    private func predict(
        _ volume: Volume<Float>, progress: (Int, Int) throws -> Void, slab: (LogitSlab) throws -> Void
    ) throws {
        try window.predict(
            tensor(volume), classes: model.plan.classes, pool: pool, progress: progress,
            predictor: { try model.network.logits($0, pool: pool) }, slab: slab)
    }

    private func tensor(_ volume: Volume<Float>) throws -> Tensor {
        try demandSpacing(volume.geometry)
        return TensorVolume.tensor(volume)
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
