import Threads
import Volumes

/// The passes over a label map that `ComponentMap` is made by, each in chunks of planes that threads share.
struct RunScan: Sendable {
    private let labels: Volume<UInt8>
    private let pool: ComputePool
    private let chunks: [Range<Int>]
    /// The first run of each plane, and one more.
    let bases: [Int]
    var runs: Int { bases[bases.count - 1] }

    init(_ labels: Volume<UInt8>, pool: ComputePool) {
        self.labels = labels
        self.pool = pool
        let planes = labels.geometry.size[2]
        let chunkCount = min(planes, 16)
        chunks = (0..<chunkCount).map { planes * $0 / chunkCount..<planes * ($0 + 1) / chunkCount }
        let counts = pool.map(Array(0..<planes)) { k in
            PlaneRuns.count(labels.voxels.span.extracting(labels.slice(k)), size: labels.geometry.size)
        }
        bases = counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    }

    private func read(_ k: Int, into plane: inout PlaneRuns) {
        plane.read(labels.voxels.span.extracting(labels.slice(k)), size: labels.geometry.size, base: bases[k])
    }

    /// What `add` makes of the planes of each chunk, in the chunks' order.
    private func sums<Sum: Sendable>(from start: Sum, _ add: @Sendable (inout Sum, PlaneRuns, _ k: Int) -> Void)
        -> [Sum]
    {
        pool.map(chunks) { chunk in
            var (sum, plane) = (start, PlaneRuns())
            for k in chunk {
                read(k, into: &plane)
                add(&sum, plane, k)
            }
            return sum
        }
    }

    /// Fills the forest: all runs, joined where they touch, each pointing at its root.
    func joinRuns(_ forest: RunForest) {
        pool.forEach(count: chunks.count) { chunk in
            var (plane, before) = (PlaneRuns(), PlaneRuns())
            for k in chunks[chunk] {
                read(k, into: &plane)
                for run in 0..<plane.count {
                    forest.plant(plane.base + run, voxels: Int(plane.ends[run] - plane.starts[run]))
                }
                join(plane, before: k > chunks[chunk].lowerBound ? before : nil, forest)
                swap(&plane, &before)
            }
        }
        var (plane, before) = (PlaneRuns(), PlaneRuns())
        for chunk in chunks.dropFirst() {
            read(chunk.lowerBound - 1, into: &before)
            read(chunk.lowerBound, into: &plane)
            joinPlanes(plane, before, forest)
        }
        forest.flatten(count: runs)
    }

    private func join(_ plane: PlaneRuns, before: PlaneRuns?, _ forest: RunForest) {
        guard plane.count > 0 else { return }
        for j in 1..<max(1, labels.geometry.size[1]) { joinRows(plane, j, plane, j - 1, forest) }
        if let before { joinPlanes(plane, before, forest) }
    }

    private func joinPlanes(_ plane: PlaneRuns, _ before: PlaneRuns, _ forest: RunForest) {
        guard plane.count > 0, before.count > 0 else { return }
        let rows = labels.geometry.size[1]
        for j in 0..<rows {
            for other in max(0, j - 1)...min(rows - 1, j + 1) { joinRows(plane, j, before, other, forest) }
        }
    }

    private func joinRows(_ left: PlaneRuns, _ leftRow: Int, _ right: PlaneRuns, _ rightRow: Int, _ forest: RunForest) {
        PlaneRuns.forEachOverlap(left, leftRow, right, rightRow, reach: 1) { a, b in
            if left.labels[a] == right.labels[b] { forest.join(left.base + a, right.base + b) }
        }
    }

    /// By label, 0 … 255, its voxels, how many components it has and the largest of them.
    func largest(of nodes: [Int32], perLabel: Int) -> [LargestComponents] {
        let empty = [LargestComponents](repeating: LargestComponents(capacity: perLabel), count: 256)
        let found = sums(from: empty) { found, plane, _ in
            for run in 0..<plane.count where nodes[plane.base + run] < 0 {
                found[Int(plane.labels[run])].add(root: plane.base + run, voxels: -Int(nodes[plane.base + run]))
            }
        }
        return found.reduce(into: empty) { sum, chunk in
            for label in sum.indices { sum[label].add(chunk[label]) }
        }
    }

    /// The place that a run's root names, nil for `Int32.min`.
    @inline(__always)
    static func place(_ nodes: [Int32], _ run: Int) -> Int? {
        let root = nodes[run] < 0 ? nodes[run] : nodes[Int(nodes[run])]
        return root == .min ? nil : -1 - Int(root)
    }

    /// Sums over the voxels of each of `count` components.
    /// - Parameter places: a root holds −1 − place, or `Int32.min`.
    func moments(places nodes: [Int32], count: Int) -> [ComponentMoments] {
        let empty = [ComponentMoments](repeating: ComponentMoments(), count: count)
        guard count > 0 else { return [] }
        let found = sums(from: empty) { found, plane, k in
            for j in 0..<labels.geometry.size[1] {
                for run in plane.runs(ofRow: j) {
                    guard let place = Self.place(nodes, plane.base + run) else { continue }
                    found[place].add(
                        label: plane.labels[run], from: Int(plane.starts[run]), to: Int(plane.ends[run]), j: j, k: k)
                }
            }
        }
        return found.reduce(into: empty) { sum, chunk in
            for place in sum.indices { sum[place].add(chunk[place]) }
        }
    }
}

/// The components of one label as they are counted.
struct LargestComponents: Sendable {
    let capacity: Int
    private(set) var count = 0
    private(set) var voxels = 0
    /// The largest first, of equals the one that begins first.
    private(set) var largest: [(root: Int, voxels: Int)] = []

    init(capacity: Int) { self.capacity = capacity }

    mutating func add(root: Int, voxels: Int) {
        count += 1
        self.voxels += voxels
        insert(root, voxels)
    }

    mutating func add(_ other: LargestComponents) {
        count += other.count
        voxels += other.voxels
        for one in other.largest { insert(one.root, one.voxels) }
    }

    private mutating func insert(_ root: Int, _ voxels: Int) {
        func isBefore(_ one: (root: Int, voxels: Int)) -> Bool {
            one.voxels > voxels || (one.voxels == voxels && one.root < root)
        }
        if largest.count == capacity {
            if isBefore(largest[capacity - 1]) { return }
            largest.removeLast()
        }
        largest.insert((root, voxels), at: largest.firstIndex { !isBefore($0) } ?? largest.count)
    }
}

/// Sums over the voxels of one component, in integers: they do not depend on the order.
struct ComponentMoments: Sendable {
    private var label: UInt8 = 0
    private var voxels = 0
    private var sum = SIMD3<Int>.zero
    private var lower = SIMD3<Int>(repeating: .max)
    private var upper = SIMD3<Int>(repeating: .min)

    mutating func add(label: UInt8, from start: Int, to end: Int, j: Int, k: Int) {
        let length = end - start
        self.label = label
        voxels += length
        sum = sum &+ SIMD3((start + end - 1) * length / 2, j * length, k * length)
        lower = pointwiseMin(lower, SIMD3(start, j, k))
        upper = pointwiseMax(upper, SIMD3(end - 1, j, k))
    }

    mutating func add(_ other: ComponentMoments) {
        guard other.voxels > 0 else { return }
        label = other.label
        voxels += other.voxels
        sum = sum &+ other.sum
        lower = pointwiseMin(lower, other.lower)
        upper = pointwiseMax(upper, other.upper)
    }

    var component: Component {
        Component(
            label: label, voxels: voxels, centroid: SIMD3<Double>(sum) / Double(max(1, voxels)), lower: lower,
            upper: upper)
    }
}
