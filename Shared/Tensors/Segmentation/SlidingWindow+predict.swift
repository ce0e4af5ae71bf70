import Faults
import Plans
package import TensorCore
package import Threads

extension SlidingWindow {
    /// Runs `predictor` over every window, the first axis slowest, and blends: Σ weight·logits / Σ weight per voxel, in
    /// single precision. Mirrored passes count as windows of their own, turned back, which gives the weighted mean of
    /// their means.
    ///
    /// A window that holds only air (`airAtOrBelow`) has no say: where other windows look, too, theirs is the answer,
    /// and a voxel that only such windows cover is background (`LogitSlab.unseen`). Holds logits only of as many planes
    /// as a window is deep.
    /// - Parameters:
    ///   - input: (1, 1, D, H, W), network-ready.
    ///   - classes: K, the channels the predictor answers with.
    ///   - bones: by class, whether it is of those that are told from the rest first, by their probability together, and
    ///     from one another then; nil: every class is told from every other.
    ///   - progress: called after each pass and each skipped window; throwing ends the prediction.
    ///   - predictor: from (1, 1, window) to (1, K, window).
    ///   - slab: takes the finished planes, in order.
    /// - Returns: the windows that were skipped.
    /// - Throws: `SegmentationError.unusableVolume` if the input is empty, `.unusableLogits` if the predictor answers
    ///   NaN or infinity.
    @discardableResult
    package func predict(
        _ input: Tensor, classes: Int, bones: [Bool]? = nil, pool: ComputePool = .shared,
        progress: (WindowProgress) throws -> Void = { _ in },
        predictor: (Tensor) throws -> Tensor, slab: (LogitSlab) throws -> Void
    ) throws -> Int {
        let size = try Self.size(of: input)
        let (origins, passes) = (origins(size: size), passes)
        let importance = importance()
        var accumulator = WindowAccumulator(classes: classes, size: size, window: window)
        var skipped = 0
        for (number, origin) in origins.enumerated() {
            func report(_ pass: Int) throws {
                let isDone = pass == passes.count
                try progress(
                    WindowProgress(
                        windows: isDone ? number + 1 : number, allWindows: origins.count, skipped: skipped,
                        passes: isDone ? 0 : pass,
                        passesPerWindow: passes.count))
            }
            let span = WindowSpan(origin: origin, window: window, size: size)
            if let airAtOrBelow, span.isEverywhere(atMost: airAtOrBelow, in: input) {
                skipped += 1
                try report(passes.count)
            } else {
                for (pass, mirrored) in passes.enumerated() {
                    let answer = try predictor(span.extract(from: input, padding: plan.padding, mirrored: mirrored))
                    precondition(
                        answer.shape == [1, classes] + window,
                        "predictor answered \(answer.shape), expected \([1, classes] + window)")
                    guard accumulator.add(answer, importance: importance, span, mirrored: mirrored, pool: pool) else {
                        throw SegmentationError(
                            .unusableLogits,
                            "the network answered NaN or infinity in window \(number + 1) of \(origins.count), expected numbers; check the model's weights"
                        )
                    }
                    try report(pass + 1)
                }
            }
            let next = number + 1 < origins.count ? origins[number + 1][0] : size[0]
            // A padded axis has a single row of windows, whose origin counts from outside the volume.
            guard next > origin[0] else { continue }
            try slab(accumulator.finish(before: next, bones: bones, pool: pool))
            accumulator.moveUp(to: next, pool: pool)
        }
        return skipped
    }

    /// The same with all logits at once, (1, K, D, H, W).
    package func predict(
        _ input: Tensor, classes: Int, pool: ComputePool = .shared,
        progress: (WindowProgress) throws -> Void = { _ in },
        predictor: (Tensor) throws -> Tensor
    ) throws -> Tensor {
        let size = try Self.size(of: input)
        var logits = Tensor(uninitialized: [1, classes] + size)
        try predict(input, classes: classes, pool: pool, progress: progress, predictor: predictor) {
            $0.copy(into: &logits)
        }
        return logits
    }

    private static func size(of input: Tensor) throws -> [Int] {
        precondition(
            input.shape.count == 5 && input.shape[0] == 1 && input.shape[1] == 1,
            "input must be (1, 1, D, H, W), got \(input.shape)")
        let size = Array(input.shape[2...])
        guard size.allSatisfy({ $0 > 0 }) else {
            throw SegmentationError(.unusableVolume, "volume must have at least one voxel on every axis, got \(size)")
        }
        return size
    }
}
