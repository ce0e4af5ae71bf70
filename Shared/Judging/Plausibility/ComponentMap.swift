package import Threads
package import Volumes

/// The connected components of all labels of a label map, found together.
///
/// Rows are taken as runs, runs that touch are joined (`RunForest`), in chunks of planes first, then across the chunks'
/// borders: with n voxels and r runs O(n + r log r) time and 4 r + O(plane) bytes, at most 4 a voxel even if no two
/// neighbours are alike. Blocks; keep it off Swift's cooperative threads. The result does not depend on the number of
/// threads.
package struct ComponentMap: Sendable {
    /// How many components of a label are told apart unless more are asked for; of the others only their number and voxels are known.
    package static let listedPerLabel = 16

    package let labels: Volume<UInt8>
    /// By label value, 0 … 255; nil for background and labels without voxels.
    package let byLabel: [LabelComponents?]
    /// The listed ones, by label, then from the largest.
    package let components: [Component]
    /// The first run of each plane, and one more.
    private let bases: [Int]
    /// By run: −1 − place in `components` or `Int32.min` for a root, else the root.
    private let nodes: [Int32]

    /// - Parameter listing: how many components of a label are told apart.
    /// - Precondition: at most 2³¹ voxels.
    package init(_ labels: Volume<UInt8>, listing: Int = Self.listedPerLabel, pool: ComputePool = .shared) {
        precondition(labels.voxels.count <= 1 << 31, "components of at most 2³¹ voxels, got \(labels.voxels.count)")
        let scan = RunScan(labels, pool: pool)
        var nodes = [Int32](unsafeUninitializedCapacity: scan.runs) { buffer, count in
            count = scan.runs
            guard scan.runs > 0 else { return }
            scan.joinRuns(RunForest(SharedPointer(buffer)))
        }
        let candidates = scan.largest(of: nodes, perLabel: listing)
        var byLabel = [LabelComponents?](repeating: nil, count: 256)
        var roots: [Int] = []
        for (label, found) in candidates.enumerated() where found.count > 0 {
            byLabel[label] = LabelComponents(
                voxels: found.voxels, count: found.count, listed: roots.count..<roots.count + found.largest.count)
            roots += found.largest.map(\.root)
        }
        for run in nodes.indices where nodes[run] < 0 { nodes[run] = .min }
        for (place, root) in roots.enumerated() { nodes[root] = Int32(truncatingIfNeeded: -1 - place) }
        self.labels = labels
        self.byLabel = byLabel
        components = scan.moments(places: nodes, count: roots.count).map(\.component)
        bases = scan.bases
        self.nodes = nodes
    }

    package subscript(label: UInt8) -> LabelComponents? { byLabel[Int(label)] }

    /// The largest component of a label; nil where there is none.
    package func largest(of label: UInt8) -> Component? { self[label].map { components[$0.listed.lowerBound] } }

    /// The place in `components` of the run's component, nil for one that is not listed.
    func place(ofRun run: Int) -> Int? { RunScan.place(nodes, run) }

    /// Calls `body` for every plane in order, with its runs and those of the plane before.
    func forEachPlane(_ body: (_ k: Int, _ plane: PlaneRuns, _ before: PlaneRuns?) -> Void) {
        let size = labels.geometry.size
        var (current, before) = (PlaneRuns(), PlaneRuns())
        for k in 0..<size[2] {
            current.read(labels.voxels.span.extracting(labels.slice(k)), size: size, base: bases[k])
            body(k, current, k > 0 ? before : nil)
            swap(&current, &before)
        }
    }
}
