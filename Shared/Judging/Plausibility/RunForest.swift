import Threads
import Volumes

/// Disjoint sets of runs (union-find) in four bytes a run: a root holds minus the voxels of its set, every other run
/// the index of one before it. The root of a set is its first run, so sets and sizes do not depend on the order in
/// which they were joined.
struct RunForest: Sendable {
    private let nodes: SharedPointer<Int32>

    init(_ nodes: SharedPointer<Int32>) { self.nodes = nodes }

    @inline(__always)
    func plant(_ run: Int, voxels: Int) { nodes.base[run] = Int32(truncatingIfNeeded: -voxels) }

    @inline(__always)
    private func root(of run: Int) -> Int {
        var run = run
        while true {
            let parent = nodes.base[run]
            guard parent >= 0 else { return run }
            let above = nodes.base[Int(parent)]
            guard above >= 0 else { return Int(parent) }
            // Halves the path for those who come after.
            nodes.base[run] = above
            run = Int(above)
        }
    }

    @inline(__always)
    func join(_ left: Int, _ right: Int) {
        let (a, b) = (root(of: left), root(of: right))
        guard a != b else { return }
        let (first, second) = (min(a, b), max(a, b))
        nodes.base[first] += nodes.base[second]
        nodes.base[second] = Int32(truncatingIfNeeded: first)
    }

    /// Makes every run point at its root: those before it do already.
    func flatten(count: Int) {
        for run in 0..<count {
            let parent = nodes.base[run]
            guard parent >= 0 else { continue }
            let above = nodes.base[Int(parent)]
            if above >= 0 { nodes.base[run] = above }
        }
    }

    /// The voxels of a set whose root this is; nil for other runs.
    @inline(__always)
    func voxels(ofRoot run: Int) -> Int? { nodes.base[run] < 0 ? -Int(nodes.base[run]) : nil }
}
