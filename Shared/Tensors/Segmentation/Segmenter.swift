import Faults
import Networks
package import Plans
package import TensorCore
package import Threads
package import Volumes

/// A model at work, of one network or of several whose logits are averaged: network-ready volume → sliding window →
/// labels on the original grid.
///
/// Synchronous and pure; cancel by throwing from `progress`, which is called after every pass of the network.
package struct Segmenter: Sendable {
    package let model: Model
    /// The peak a segmentation may need by `memoryEstimate`; nil: no limit.
    package let memoryLimitInBytes: Int?
    private let pool: ComputePool
    private let execution: Execution
    private let window: SlidingWindow
    private let preprocessor: Preprocessor
    private let gathersVotes: Bool

    /// - Parameter skipsAir: leaves out windows that hold only air by the plan (`WindowPlan.airInHounsfieldUnits`);
    ///   what they cover alone is background. Labels may differ from those of all windows: a network that sees
    ///   something in mere air is not asked.
    /// - Parameter gathersVotes: keeps what the network thinks of each bone (`SegmentedVolume.votes`), for whoever names
    ///   bones by more than the winner of each voxel. Then a voxel is bone where all classes with a label are more
    ///   probable together than those without: of a network that sees a vertebra and wavers between names, none alone
    ///   may be more probable than background.
    /// - Throws: `PlanError.invalidPlan`, `SegmentationError.invalidWindow`; `.unknownAir` if air can't be told by the
    ///   plan.
    package init(
        _ model: Model, skipsAir: Bool = false, gathersVotes: Bool = false, memoryLimitInBytes: Int? = nil,
        arithmetic: Arithmetic = .fast,
        pool: ComputePool = .shared
    ) throws {
        self.model = model
        self.memoryLimitInBytes = memoryLimitInBytes
        self.gathersVotes = gathersVotes
        self.pool = pool
        execution = .inference(pool: pool, arithmetic: arithmetic)
        window = try SlidingWindow(
            window: model.plan.patch, plan: model.plan.slidingWindow,
            airAtOrBelow: skipsAir ? Self.airThreshold(of: model.plan) : nil)
        preprocessor = try Preprocessor(model.plan)
    }

    /// The memory that a network-ready volume on this grid will need; known before it is made by
    /// `Preprocessor.networkGeometry(of:)`.
    package func memoryEstimate(network: Geometry, original: Geometry) -> MemoryEstimate {
        let takesSlabs =
            model.plan.labelGrid == .network
            || (try? GridInversion(network: network, original: original, plan: model.plan).takesSlabs) ?? false
        return MemoryEstimate(
            networkSize: network.size, originalVoxels: original.voxelCount, window: window,
            classes: model.plan.blendedClasses, pass: passes, takesSlabs: takesSlabs)
    }

    /// Of a window through all networks, one after the other: the largest of them, the weights of all, and the sum of
    /// their logits.
    private var passes: MemoryPlan {
        var pass = model.network.plan(inference: [1, 1] + window.window, by: execution)
        if model.plan.mergesClasses { pass.activationBytes += model.plan.labelCount * window.window.reduce(1, *) * 4 }
        let others = model.networks.count - 1
        guard others > 0 else { return pass }
        pass.parameterBytes *= model.networks.count
        pass.activationBytes += model.plan.classes * window.window.reduce(1, *) * 4
        return pass
    }

    /// The windows that a volume of this size will be covered by.
    package func windowCount(networkSize: [Int]) -> Int { window.origins(size: networkSize).count }

    /// Labels of a CT in Hounsfield units, on its own grid.
    /// - Throws: `PlanError.voxelNotFinite`, `SegmentationError.memoryLimit`, what `progress` throws.
    package func segment(image: Volume<Float>, progress: (WindowProgress) throws -> Void = { _ in }) throws
        -> SegmentedVolume
    {
        // Before any work: the limit is known from the grid alone.
        _ = try demandMemory(network: preprocessor.networkGeometry(of: image.geometry), original: image.geometry)
        return try segment(
            networkReady: preprocessor.networkReady(image: image), original: image.geometry, progress: progress)
    }

    /// The same from a volume that preprocessing has made network-ready by the model's plan.
    /// - Parameter original: the grid of the CT it was made from; the labels come back on exactly this grid.
    /// - Throws: `SegmentationError.unusableVolume` if the volume isn't at the plan's spacing or doesn't cover the
    ///   original grid.
    package func segment(
        networkReady volume: Volume<Float>, original: Geometry, progress: (WindowProgress) throws -> Void = { _ in }
    ) throws -> SegmentedVolume {
        try demandUsable(volume)
        if model.plan.labelGrid == .network {
            return try segmentOnNetworkGrid(volume, original: original, progress: progress)
        }
        guard let part = preprocessor.part(of: original, in: volume.geometry) else {
            throw SegmentationError(
                .unusableVolume,
                "the network-ready volume (\(volume.geometry)) was not made of a part of the original grid (\(original))"
            )
        }
        let inversion = try GridInversion(
            network: volume.geometry, original: original.cropped(to: part), plan: model.plan)
        let memory = try demandMemory(network: volume.geometry, original: original)
        var labels = Volume<UInt8>(geometry: inversion.original, repeating: 0)
        var tally = newTally
        let classLabels = blendedLabels
        let bones = gathersVotes ? classLabels.map { $0 > 0 } : nil
        var votes = gathersVotes ? VoteGatherer(labels: classLabels, geometry: volume.geometry) : nil
        func count(_ slab: LogitSlab) {
            let winners = Winners(slab, confidence: true, pool: pool)
            tally.add(winners)
            votes?.add(slab, winners)
        }
        let skipped: Int
        if inversion.takesSlabs {
            skipped = try predict(volume, bones: bones, progress: progress) { slab in
                inversion.add(slab, to: &labels, pool: pool)
                count(slab)
            }
        } else {
            var logits = Tensor(uninitialized: [1, model.plan.blendedClasses] + volume.geometry.size)
            skipped = try predict(volume, bones: bones, progress: progress) { $0.copy(into: &logits) }
            labels = inversion.labels(logits, pool: pool)
            count(LogitSlab(logits: logits, first: 0, fresh: 0..<volume.geometry.size[0]))
        }
        labels = named(labels).placed(at: part, in: original, outside: 0)
        return SegmentedVolume(
            labels: labels, classes: tally.summaries(of: labels),
            windows: windowCount(networkSize: volume.geometry.size),
            skippedWindows: skipped, memory: memory, votes: votes?.votes)
    }

    private var newTally: Tally {
        let plan = model.plan
        return Tally(classes: plan.blendedClasses, labels: plan.mergesClasses ? nil : plan.classLabels)
    }

    /// The label of each class that windows are blended of.
    private var blendedLabels: [Int] {
        let plan = model.plan
        return plan.mergesClasses ? Array(0..<plan.labelCount) : plan.classLabels ?? Array(0..<plan.classes)
    }

    /// The classes that win at the network's voxels, brought back as labels by the nearest voxel, spacing first.
    private func segmentOnNetworkGrid(
        _ volume: Volume<Float>, original: Geometry, progress: (WindowProgress) throws -> Void
    ) throws -> SegmentedVolume {
        guard let (whole, box) = try preprocessor.place(of: volume.geometry, from: original) else {
            throw SegmentationError(
                .unusableVolume,
                "the network-ready volume (\(volume.geometry)) was not made of a volume on the original grid (\(original))"
            )
        }
        let memory = try demandMemory(network: volume.geometry, original: original)
        var (classes, tally) = ([UInt8](), newTally)
        classes.reserveCapacity(volume.geometry.voxelCount)
        let bones = gathersVotes ? blendedLabels.map { $0 > 0 } : nil
        var votes = gathersVotes ? VoteGatherer(labels: blendedLabels, geometry: volume.geometry) : nil
        let skipped = try predict(volume, bones: bones, progress: progress) { slab in
            let winners = Winners(slab, confidence: true, pool: pool)
            classes += winners.labels
            tally.add(winners)
            votes?.add(slab, winners)
        }
        let onNetworkGrid = named(TensorVolume.volume(labels: classes, geometry: volume.geometry))
            .placed(at: box, in: whole, outside: 0)
        let turned = original.reoriented(to: whole.orientation)
        let labels = try onNetworkGrid.resampled(onto: turned, convention: model.plan.resampling)
            .resampled(onto: original)
        return SegmentedVolume(
            labels: labels, classes: tally.summaries(of: labels),
            windows: windowCount(networkSize: volume.geometry.size), skippedWindows: skipped, memory: memory,
            votes: votes?.votes)
    }

    /// Labels on the network's own grid, as validation compares them.
    package func networkLabels(
        networkReady volume: Volume<Float>, progress: (WindowProgress) throws -> Void = { _ in }
    ) throws -> Volume<UInt8> {
        try demandUsable(volume)
        _ = try demandMemory(network: volume.geometry, original: volume.geometry)
        var labels: [UInt8] = []
        labels.reserveCapacity(volume.geometry.voxelCount)
        try predict(volume, progress: progress) { slab in
            labels += Winners(slab, confidence: false, pool: pool).labels
        }
        return named(TensorVolume.volume(labels: labels, geometry: volume.geometry))
    }

    /// Classes of the network as the labels they are written as.
    package func named(_ classes: Volume<UInt8>) -> Volume<UInt8> {
        guard let labels = model.plan.classLabels, !model.plan.mergesClasses else { return classes }
        return classes.relabelled(by: (0...255).map { $0 < labels.count ? UInt8(clamping: labels[$0]) : 0 })
    }

    /// - Returns: the windows that were skipped.
    @discardableResult
    private func predict(
        _ volume: Volume<Float>, bones: [Bool]? = nil, progress: (WindowProgress) throws -> Void,
        slab: (LogitSlab) throws -> Void
    ) throws -> Int {
        try window.predict(
            TensorVolume.tensor(volume), classes: model.plan.blendedClasses, bones: bones, pool: pool,
            progress: progress,
            predictor: { merged(try logits(of: $0)) }, slab: slab)
    }

    /// The mean over the networks. Blending windows is linear, so this is the mean of the blended logits of each, as
    /// nnU-Net averages folds, in the memory of one.
    private func logits(of patch: Tensor) throws -> Tensor {
        var sum = try model.network.logits(patch, by: execution)
        guard model.networks.count > 1 else { return sum }
        for network in model.networks.dropFirst() {
            let logits = try network.logits(patch, by: execution)
            sum.withUnsafeMutableBufferPointer { sum in
                logits.withUnsafeBufferPointer { logits in for index in sum.indices { sum[index] += logits[index] } }
            }
        }
        let count = Float(model.networks.count)
        sum.withUnsafeMutableBufferPointer { sum in for index in sum.indices { sum[index] /= count } }
        return sum
    }

    /// Of the classes of each label the highest logit, where the plan merges them: (1, classes, …) to (1, labels, …).
    private func merged(_ logits: Tensor) -> Tensor {
        guard model.plan.mergesClasses, let labels = model.plan.classLabels else { return logits }
        let voxels = logits.shape[2...].reduce(1, *)
        var merged = Tensor(uninitialized: [1, model.plan.labelCount] + logits.shape[2...])
        merged.withUnsafeMutableBufferPointer { merged in
            logits.withUnsafeBufferPointer { logits in
                let (target, source) = (SharedPointer(merged), SharedPointer(reading: logits))
                pool.forEach(count: model.plan.labelCount) { label in
                    let classes = labels.indices.filter { labels[$0] == label }
                    let row = target.base + label * voxels
                    guard let first = classes.first else { return row.update(repeating: -.infinity, count: voxels) }
                    row.update(from: source.base + first * voxels, count: voxels)
                    for one in classes.dropFirst() { raiseRow(row, to: source.base + one * voxels, count: voxels) }
                }
            }
        }
        return merged
    }

    /// The value at and below which the plan calls a voxel of a network-ready volume air.
    private static func airThreshold(of plan: Plan) throws -> Float {
        guard let units = plan.slidingWindow.airInHounsfieldUnits ?? plan.intensities.lowerLimit,
            let threshold = plan.intensities.value(ofHounsfieldUnits: units)
        else {
            throw SegmentationError(
                .unknownAir,
                "air cannot be skipped with this model: its intensities depend on the whole volume, so no value means air; segment without"
            )
        }
        return threshold
    }

    private func demandUsable(_ volume: Volume<Float>) throws {
        guard model.plan.keepsSpacing || volume.geometry.isAtSpacing(of: model.plan) else {
            let spacing = volume.geometry.spacingInMillimetres
            throw SegmentationError(
                .unusableVolume,
                "network-ready volume must have the plan's spacing of \(model.plan.spacingInMillimetres) mm, got \(spacing)"
            )
        }
        try Preprocessor.demandFinite(volume)
    }

    private func demandMemory(network: Geometry, original: Geometry) throws -> MemoryEstimate {
        let estimate = memoryEstimate(network: network, original: original)
        guard let limit = memoryLimitInBytes, estimate.bytes > limit else { return estimate }
        throw SegmentationError(
            .memoryLimit,
            """
            segmenting \(network.size) voxels in \(model.plan.blendedClasses) classes needs about \(estimate.bytes >> 20) MiB, the limit is \
            \(limit >> 20) MiB; crop the volume or raise the limit
            """)
    }
}

extension Geometry {
    /// Whether a grid can be what the plan's resampling made.
    fileprivate func isAtSpacing(of plan: Plan) -> Bool {
        zip(size, zip(spacingInMillimetres, plan.spacingInMillimetres)).allSatisfy { count, spacings in
            let (own, wanted) = spacings
            return switch plan.resampling {
            // An axis is left alone whose spacing is within 1e-3 mm of the plan's; single precision in files adds a
            // little.
            case .monai, .itk: abs(own - wanted) < 2e-3
            // The extent stays, so that the spacing takes up what rounding the size leaves.
            case .nnUNet: abs(own * Double(count) / wanted - Double(count)) < 0.501 || count == 1
            // The outer centres stay, which takes up the rounding, and the volume may be a part of what was resampled:
            // its place in the whole tells more.
            case .totalSegmentator: own > 0
            }
        }
    }
}
