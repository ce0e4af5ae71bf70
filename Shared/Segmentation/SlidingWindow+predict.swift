import Plans
package import TensorCore

extension SlidingWindow {
    /// Runs `predictor` over every window, the first axis slowest, and blends: Σ weight·logits / Σ weight per voxel, in single precision.
    ///
    /// Holds logits only of as many planes as a window is deep.
    /// - Parameters:
    ///   - input: (1, 1, D, H, W), network-ready.
    ///   - classes: K, the channels the predictor answers with.
    ///   - progress: called after each window with the windows done and all windows; throwing ends the prediction.
    ///   - predictor: from (1, 1, window) to (1, K, window).
    ///   - slab: takes the finished planes, in order.
    package func predict(
        _ input: Tensor, classes: Int, pool: ComputePool = .shared, progress: (Int, Int) throws -> Void = { _, _ in },
        predictor: (Tensor) throws -> Tensor, slab: (LogitSlab) throws -> Void
    ) throws {
        precondition(input.shape.count == 5 && input.shape[0] == 1 && input.shape[1] == 1, "input must be (1, 1, D, H, W), got \(input.shape)")
        let size = Array(input.shape[2...])
        let origins = origins(size: size)
        let importance = importance()
        var accumulator = WindowAccumulator(classes: classes, size: size, window: window)
        for (number, origin) in origins.enumerated() {
            let span = WindowSpan(origin: origin, window: window, size: size)
            let answer = try predictor(span.extract(from: input, padding: plan.padding))
            precondition(answer.shape == [1, classes] + window, "predictor answered \(answer.shape), expected \([1, classes] + window)")
            accumulator.add(answer, importance: importance, span, pool: pool)
            try progress(number + 1, origins.count)
            let next = number + 1 < origins.count ? origins[number + 1][0] : size[0]
            // A padded axis has a single row of windows, whose origin counts from outside the volume.
            guard next > origin[0] else { continue }
            try slab(accumulator.finish(before: next, pool: pool))
            accumulator.moveUp(to: next, pool: pool)
        }
    }

    /// The same with all logits at once, (1, K, D, H, W).
    package func predict(
        _ input: Tensor, classes: Int, pool: ComputePool = .shared, progress: (Int, Int) throws -> Void = { _, _ in },
        predictor: (Tensor) throws -> Tensor
    ) throws -> Tensor {
        let size = Array(input.shape[2...])
        var logits = Tensor(uninitialized: [1, classes] + size)
        try predict(input, classes: classes, pool: pool, progress: progress, predictor: predictor) { slab in
            let area = size[1] * size[2]
            let skipped = slab.fresh.lowerBound - slab.first
            logits.withUnsafeMutableBufferPointer { logits in
                slab.logits.withUnsafeBufferPointer { source in
                    for label in 0..<classes {
                        let from = (label * slab.planes + skipped) * area
                        let to = (label * size[0] + slab.fresh.lowerBound) * area
                        for index in 0..<slab.fresh.count * area { logits[to + index] = source[from + index] }
                    }
                }
            }
        }
        return logits
    }
}
