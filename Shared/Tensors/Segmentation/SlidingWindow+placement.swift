import Plans

extension SlidingWindow {
    /// Voxels added before and after an axis of `length` so that a window of `edge` fits.
    package static func padding(length: Int, edge: Int) -> (low: Int, high: Int) {
        let missing = max(0, edge - length)
        return (missing / 2, missing - missing / 2)
    }

    /// MONAI's starts along an axis (`SlidingWindowInferer`): multiples of the interval, the last window moved back to
    /// end at the edge.
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

    /// nnU-Net's starts (`compute_steps_for_sliding_window`): as few windows as steps of `edge · step` need, spread
    /// evenly, halves to even; never more windows than there are places.
    package static func evenStarts(length: Int, edge: Int, step: Double) -> [Int] {
        guard length > edge else { return [0] }
        let steps = (Double(length - edge) / (Double(edge) * step)).rounded(.up)
        let count = Int(min(steps, Double(length - edge))) + 1
        let interval = Double(length - edge) / Double(count - 1)
        return (0..<count).map { Int((interval * Double($0)).rounded(.toNearestOrEven)) }
    }

    /// The first voxels of all windows over a padded volume, the first axis slowest.
    package func origins(size: [Int]) -> [[Int]] {
        let starts = (0..<3).map { axis in
            let (length, edge) = (max(size[axis], window[axis]), window[axis])
            return switch plan.convention {
            case .monai: Self.starts(length: length, edge: edge, overlap: plan.overlap)
            case .nnUNet: Self.evenStarts(length: length, edge: edge, step: 1 - plan.overlap)
            }
        }
        return starts[0].flatMap { i in starts[1].flatMap { j in starts[2].map { k in [i, j, k] } } }
    }
}
