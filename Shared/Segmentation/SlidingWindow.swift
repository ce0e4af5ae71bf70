import Foundation
package import Plans

/// The windows that cover a volume and the weights that blend them, as MONAI's `SlidingWindowInferer` places them.
///
/// Axes are (i, j, k) = (depth, height, width) of the tensor. A volume thinner than the window is padded on both sides (the odd
/// voxel at the high end); starts are multiples of the interval, the last window is moved back to end at the edge.
package struct SlidingWindow: Sendable {
    /// Edge of a window per axis, in voxels.
    package let window: [Int]
    package let plan: WindowPlan

    /// - Throws: `SegmentationError.invalidWindow` if an edge isn't positive or the overlap isn't in 0 ..< 1.
    package init(window: [Int], plan: WindowPlan) throws {
        guard window.count == 3, window.allSatisfy({ $0 > 0 }) else {
            throw SegmentationError(.invalidWindow, "window must have three positive edges, got \(window)")
        }
        guard plan.overlap >= 0, plan.overlap < 1, plan.sigmaScale > 0 else {
            throw SegmentationError(
                .invalidWindow,
                "overlap must lie in 0 ..< 1 and sigma scale be positive, got \(plan.overlap) and \(plan.sigmaScale)")
        }
        self.window = window
        self.plan = plan
    }

    /// Voxels added before and after an axis of `length` so that a window of `edge` fits.
    package static func padding(length: Int, edge: Int) -> (low: Int, high: Int) {
        let missing = max(0, edge - length)
        return (missing / 2, missing - missing / 2)
    }

    /// Starts of the windows along an axis that is at least `edge` long.
    package static func starts(length: Int, edge: Int, overlap: Double) -> [Int] {
        guard length > edge else { return [0] }
        let interval = max(1, Int(Double(edge) * (1 - overlap)))
        var starts: [Int] = []
        for start in stride(from: 0, to: length, by: interval) {
            starts.append(min(start, length - edge))
            if start + edge >= length { break }
        }
        return starts
    }

    /// The first voxels of all windows over a padded volume, the first axis slowest.
    package func origins(size: [Int]) -> [[Int]] {
        let starts = (0..<3).map { Self.starts(length: max(size[$0], window[$0]), edge: window[$0], overlap: plan.overlap) }
        return starts[0].flatMap { i in starts[1].flatMap { j in starts[2].map { k in [i, j, k] } } }
    }

    /// The weight of every voxel of a window, C-contiguous: 1, or a Gaussian over the window that is nowhere below 1e-3.
    package func importance() -> [Float] {
        let count = window[0] * window[1] * window[2]
        guard plan.weighting == .gaussian else { return [Float](repeating: 1, count: count) }
        let profiles = window.map { edge in
            let sigma = plan.sigmaScale * Double(edge)
            return (0..<edge).map { index in
                let x = Double(index) - Double(edge - 1) / 2
                return Float(exp(-x * x / (2 * sigma * sigma)))
            }
        }
        var weights: [Float] = []
        weights.reserveCapacity(count)
        for a in profiles[0] { for b in profiles[1] { for c in profiles[2] { weights.append(a * b * c) } } }
        let floor = max(weights.min() ?? 0, 1e-3)
        return weights.map { max($0, floor) }
    }
}
