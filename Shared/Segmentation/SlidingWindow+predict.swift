import Plans
package import TensorCore

extension SlidingWindow {
    /// Runs `predictor` over every window and blends: Σ weight·logits / Σ weight per voxel, in single precision.
    ///
    /// - Parameters:
    ///   - input: (1, 1, D, H, W), network-ready.
    ///   - classes: K, the channels the predictor answers with.
    ///   - progress: called after each window with the windows done and all windows; throwing ends the prediction.
    ///   - predictor: from (1, 1, window) to (1, K, window).
    /// - Returns: logits (1, K, D, H, W).
    package func predict(
        _ input: Tensor, classes: Int, pool: ComputePool = .shared, progress: (Int, Int) throws -> Void = { _, _ in },
        predictor: (Tensor) throws -> Tensor
    ) throws -> Tensor {
        precondition(input.shape.count == 5 && input.shape[0] == 1 && input.shape[1] == 1, "input must be (1, 1, D, H, W), got \(input.shape)")
        let size = Array(input.shape[2...])
        let origins = origins(size: size)
        let importance = importance()
        var logits = Tensor(zeros: [1, classes] + size)
        var weights = Tensor(zeros: size)
        for (number, origin) in origins.enumerated() {
            let span = Span(origin: origin, window: window, size: size)
            let answer = try predictor(extract(span, from: input))
            precondition(answer.shape == [1, classes] + window, "predictor answered \(answer.shape), expected \([1, classes] + window)")
            accumulate(answer, importance, span, into: &logits, &weights, pool: pool)
            try progress(number + 1, origins.count)
        }
        divide(&logits, by: weights, pool: pool)
        return logits
    }

    /// Where one window lies: window index n of axis a is voxel n + first[a] of the volume.
    struct Span: Sendable {
        let first: [Int]
        let size: [Int]
        /// The window's indices that lie inside the volume.
        let inside: [Range<Int>]

        /// `origin` counts from the corner of the padded volume.
        init(origin: [Int], window: [Int], size: [Int]) {
            let first = (0..<3).map { origin[$0] - SlidingWindow.padding(length: size[$0], edge: window[$0]).low }
            self.first = first
            self.size = size
            inside = (0..<3).map { max(0, -first[$0])..<min(window[$0], size[$0] - first[$0]) }
        }

        /// Position in the volume's tensor of a window's row (i, j) at its voxel 0.
        func row(_ i: Int, _ j: Int) -> Int { ((i + first[0]) * size[1] + j + first[1]) * size[2] + first[2] }
    }

    private func extract(_ span: Span, from input: Tensor) -> Tensor {
        var patch = Tensor(zeros: [1, 1] + window)
        let replicates = plan.padding == .replicate
        // Per axis: the volume's index behind each index of the window, nil where zero stands outside.
        let sources = (0..<3).map { axis in
            (0..<window[axis]).map { index -> Int? in
                let position = index + span.first[axis]
                if (0..<span.size[axis]).contains(position) { return position }
                return replicates ? min(max(position, 0), span.size[axis] - 1) : nil
            }
        }
        let columns = sources[2]
        patch.withUnsafeMutableBufferPointer { patch in
            input.withUnsafeBufferPointer { input in
                for (i, sourceI) in sources[0].enumerated() {
                    for (j, sourceJ) in sources[1].enumerated() {
                        guard let sourceI, let sourceJ else { continue }
                        let to = (i * window[1] + j) * window[2]
                        let from = (sourceI * span.size[1] + sourceJ) * span.size[2]
                        for k in columns.indices {
                            if let column = columns[k] { patch[to + k] = input[from + column] }
                        }
                    }
                }
            }
        }
        return patch
    }

    private func accumulate(
        _ answer: Tensor, _ importance: [Float], _ span: Span, into logits: inout Tensor, _ weights: inout Tensor, pool: ComputePool
    ) {
        let classes = answer.shape[1]
        let window = window
        let voxels = span.size.reduce(1, *)
        let windowVoxels = window.reduce(1, *)
        logits.withUnsafeMutableBufferPointer { logits in
            weights.withUnsafeMutableBufferPointer { weights in
                answer.withUnsafeBufferPointer { answer in
                    importance.withUnsafeBufferPointer { importance in
                        let (sum, weights) = (SharedPointer(logits), SharedPointer(weights))
                        let (answer, importance) = (SharedPointer(reading: answer), SharedPointer(reading: importance))
                        // Index 0 sums the weights, index 1 + c the logits of class c.
                        pool.forEach(count: classes + 1) { index in
                            for i in span.inside[0] {
                                for j in span.inside[1] {
                                    let row = span.row(i, j)
                                    let local = (i * window[1] + j) * window[2]
                                    let weight = importance.base + local
                                    if index == 0 {
                                        for k in span.inside[2] { weights.base[row + k] += weight[k] }
                                    } else {
                                        let target = sum.base + (index - 1) * voxels + row
                                        let source = answer.base + (index - 1) * windowVoxels + local
                                        for k in span.inside[2] { target[k] += weight[k] * source[k] }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private func divide(_ logits: inout Tensor, by weights: Tensor, pool: ComputePool) {
        let voxels = weights.count
        let classes = logits.shape[1]
        logits.withUnsafeMutableBufferPointer { logits in
            weights.withUnsafeBufferPointer { weights in
                let (logits, weights) = (SharedPointer(logits), SharedPointer(reading: weights))
                pool.forEach(count: classes) { label in
                    let target = logits.base + label * voxels
                    for voxel in 0..<voxels { target[voxel] /= weights.base[voxel] }
                }
            }
        }
    }
}
