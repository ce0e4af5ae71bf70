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

    /// Position in the window's tensor of the window's voxel `index`, where the tensor is mirrored along some axes.
    func position(_ index: [Int], mirrored: Set<Int>) -> Int {
        let index = (0..<3).map { mirrored.contains($0) ? window[$0] - 1 - index[$0] : index[$0] }
        return (index[0] * window[1] + index[1]) * window[2] + index[2]
    }

    /// Whether no voxel of the window's part of the volume is above `threshold`; NaN is. Stops at the first that is.
    func isEverywhere(atMost threshold: Float, in input: Tensor) -> Bool {
        input.withUnsafeBufferPointer { input in
            inside[0].allSatisfy { i in
                inside[1].allSatisfy { j in
                    let row = row(i, j)
                    return input[(row + inside[2].lowerBound)..<(row + inside[2].upperBound)].allSatisfy {
                        $0 <= threshold
                    }
                }
            }
        }
    }

    /// The window's part of the volume, (1, 1, window), mirrored along some axes; outside the volume stands what
    /// `padding` says.
    func extract(from input: Tensor, padding: WindowPlan.Padding, mirrored: Set<Int> = []) -> Tensor {
        var patch = Tensor(zeros: [1, 1] + window)
        // Per axis: the volume's index behind each index of the patch, nil where zero stands.
        let sources = (0..<3).map { axis in
            let sources = (0..<window[axis]).map { index -> Int? in
                if inside[axis].contains(index) { return index + first[axis] }
                return padding == .replicate ? min(max(index + first[axis], 0), size[axis] - 1) : nil
            }
            return mirrored.contains(axis) ? sources.reversed() : sources
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
