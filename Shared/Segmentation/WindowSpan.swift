import Plans
import TensorCore

/// Where one window lies: window index n of axis a is voxel n + first[a] of the volume.
struct WindowSpan: Sendable {
    let window: [Int]
    let first: [Int]
    /// Of the volume.
    let size: [Int]
    /// The window's indices that lie inside the volume, per axis.
    let inside: [Range<Int>]

    /// `origin` counts from the corner of the padded volume.
    init(origin: [Int], window: [Int], size: [Int]) {
        let first = (0..<3).map { origin[$0] - SlidingWindow.padding(length: size[$0], edge: window[$0]).low }
        self.window = window
        self.first = first
        self.size = size
        inside = (0..<3).map { max(0, -first[$0])..<min(window[$0], size[$0] - first[$0]) }
    }

    /// The rows (i, j) of the window that lie inside the volume.
    var rowsInside: [(Int, Int)] { inside[0].flatMap { i in inside[1].map { j in (i, j) } } }

    /// Position in the volume's tensor of voxel 0 of the window's row (i, j).
    func row(_ i: Int, _ j: Int) -> Int { ((i + first[0]) * size[1] + j + first[1]) * size[2] + first[2] }

    /// The window's part of the volume, (1, 1, window); outside it stands what `padding` says.
    func extract(from input: Tensor, padding: WindowPlan.Padding) -> Tensor {
        var patch = Tensor(zeros: [1, 1] + window)
        // Per axis: the volume's index behind each index of the window, nil where zero stands.
        let sources = (0..<3).map { axis in
            (0..<window[axis]).map { index -> Int? in
                if inside[axis].contains(index) { return index + first[axis] }
                return padding == .replicate ? min(max(index + first[axis], 0), size[axis] - 1) : nil
            }
        }
        patch.withUnsafeMutableBufferPointer { patch in
            input.withUnsafeBufferPointer { input in
                for (i, sourceI) in sources[0].enumerated() {
                    for (j, sourceJ) in sources[1].enumerated() {
                        guard let sourceI, let sourceJ else { continue }
                        let to = (i * window[1] + j) * window[2]
                        let from = (sourceI * size[1] + sourceJ) * size[2]
                        for (k, sourceK) in sources[2].enumerated() {
                            if let sourceK { patch[to + k] = input[from + sourceK] }
                        }
                    }
                }
            }
        }
        return patch
    }
}
