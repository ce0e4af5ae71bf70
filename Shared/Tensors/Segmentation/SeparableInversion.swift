import Plans
import TensorCore
import Threads
import Volumes

/// `GridInversion` where every network axis runs along one original axis.
///
/// One plane of the original grid is made at a time. Its rows lie between rows of the network's grid, which are
/// interpolated along D and W once for all classes and kept while original rows need them:
/// ```
///  two network planes ──lerp along D, then W──> network row h     ┐
///                                               network row h + 1 ┴─lerp along H, compare──> the original rows between them
/// ```
struct SeparableInversion: Sendable {
    private let network: [Int]
    private let original: [Int]
    /// The original axis that runs along network axis D, H, W.
    private let axes: [Int]
    /// Per network axis.
    private let tables: [AxisTable]
    /// Planes of the original grid that one task makes: their labels lie side by side for the copy into the volume.
    private static let planesPerTask = 16

    /// nil if an axis of the original grid runs obliquely through the network's grid: by more than a thousandth of a
    /// voxel along its whole length (affines read from files are rounded to single precision).
    /// - Parameter rule: nnU-Net's way back, if it is to be followed.
    init?(network: [Int], original: [Int], map: Affine, rule: NNUNetInversion? = nil) {
        var axes: [Int] = []
        for row in 0..<3 {
            let reach = (0..<3).map { abs(map[row, $0]) * Double(max(1, original[$0] - 1)) }
            guard let axis = (0..<3).max(by: { abs(map[row, $0]) < abs(map[row, $1]) }) else { return nil }
            guard (0..<3).allSatisfy({ $0 == axis || reach[$0] < 1e-3 }) else { return nil }
            axes.append(axis)
        }
        guard Set(axes).count == 3 else { return nil }
        self.network = network
        self.original = original
        self.axes = axes
        tables =
            rule?.tables(network: network, original: original, axes: axes, map: map)
            ?? (0..<3).map { row in
                AxisTable(
                    count: original[axes[row]], scale: map[row, axes[row]], offset: map[row, 3], length: network[row])
            }
    }

    /// Writes the original planes whose upper network neighbour is fresh in this slab; the lower one is in it too.
    /// `labels` spans the original grid, i fastest.
    func run(_ slab: LogitSlab, _ labels: SharedPointer<UInt8>, pool: ComputePool) {
        let planes = (0..<tables[0].count).filter { slab.fresh.contains(tables[0].neighbours($0).upper) }
        guard let start = planes.first, let last = planes.last else { return }
        // Positions rise or fall along the axis, so these planes are neighbours.
        let range = start...last
        let tasks = (range.count + Self.planesPerTask - 1) / Self.planesPerTask
        let (rows, columns) = (original[axes[1]], original[axes[2]])
        let classes = slab.logits.shape[1]
        slab.logits.withUnsafeBufferPointer { logits in
            let logits = SharedPointer(reading: logits)
            pool.forEach(
                count: tasks, scratch: PlaneScratch.count(classes: classes, width: network[2], columns: columns)
            ) { task, memory in
                let first = start + task * Self.planesPerTask
                let count = min(Self.planesPerTask, last + 1 - first)
                let scratch = PlaneScratch(memory, classes: classes, width: network[2], columns: columns)
                withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count * rows * columns) { winners in
                    guard let winners = winners.baseAddress else { return }
                    for plane in 0..<count {
                        classify(
                            plane: first + plane, slab, logits.base, scratch, winners: winners + plane * rows * columns)
                    }
                    copy(winners, first: first, count: count, to: labels.base)
                }
            }
        }
    }

    /// The winning class of every voxel of one original plane, (rows, columns).
    private func classify(
        plane: Int, _ slab: LogitSlab, _ logits: UnsafePointer<Float>, _ scratch: PlaneScratch,
        winners: UnsafeMutablePointer<UInt8>
    ) {
        let columns = tables[2].count
        // Which network row stands at the even place and which at the odd one.
        var standing = [-1, -1]
        for row in 0..<tables[1].count {
            let (lower, upper) = tables[1].neighbours(row)
            for needed in [lower, upper] where standing[needed & 1] != needed {
                expand(row: needed, plane: plane, slab, logits, scratch)
                standing[needed & 1] = needed
            }
            for label in 0..<scratch.classes {
                challenge(
                    scratch.winners, scratch.highest, between: scratch.expanded(lower & 1, label),
                    and: scratch.expanded(upper & 1, label),
                    weight: tables[1].fraction[row], label: label, count: columns)
            }
            writeLabels(winners + row * columns, scratch.winners, count: columns)
        }
    }

    /// Network row `row` of all classes, interpolated between two network planes and along W, to its place in
    /// `scratch`.
    private func expand(
        row: Int, plane: Int, _ slab: LogitSlab, _ logits: UnsafePointer<Float>, _ scratch: PlaneScratch
    ) {
        let (area, width) = (network[1] * network[2], network[2])
        let (lower, upper) = tables[0].neighbours(plane)
        tables[2].lower.withUnsafeBufferPointer { positions in
            tables[2].fraction.withUnsafeBufferPointer { fractions in
                guard let positions = positions.baseAddress, let fractions = fractions.baseAddress else { return }
                for label in 0..<scratch.classes {
                    let channel = logits + label * slab.planes * area + row * width
                    let (near, far) = (channel + (lower - slab.first) * area, channel + (upper - slab.first) * area)
                    interpolateRow(scratch.row, near, far, weight: tables[0].fraction[plane], count: width)
                    scratch.row[width] = scratch.row[width - 1]
                    interpolateRow(
                        scratch.expanded(row & 1, label), along: scratch.row, lower: positions, fraction: fractions,
                        count: tables[2].count)
                }
            }
        }
    }

    /// From (plane, row, column) to the original volume's order, plane innermost: neighbours in memory when D runs
    /// along i.
    private func copy(_ winners: UnsafePointer<UInt8>, first: Int, count: Int, to labels: UnsafeMutablePointer<UInt8>) {
        let strides = [1, original[0], original[0] * original[1]]
        let (rows, columns) = (original[axes[1]], original[axes[2]])
        let (planeStride, rowStride, columnStride) = (strides[axes[0]], strides[axes[1]], strides[axes[2]])
        for row in 0..<rows {
            for column in 0..<columns {
                let target = labels + first * planeStride + row * rowStride + column * columnStride
                let source = winners + row * columns + column
                for plane in 0..<count { target[plane * planeStride] = source[plane * rows * columns] }
            }
        }
    }
}

/// A thread's working memory for one original plane.
private struct PlaneScratch {
    let classes: Int
    /// One network row and a repetition of its last voxel.
    let row: UnsafeMutablePointer<Float>
    /// Of an original row: the highest logits so far and whose they are.
    let highest: UnsafeMutablePointer<Float>
    let winners: UnsafeMutablePointer<Float>
    private let rows: UnsafeMutablePointer<Float>
    private let columns: Int

    static func count(classes: Int, width: Int, columns: Int) -> Int { width + 1 + 2 * columns * (1 + classes) }

    init(_ memory: UnsafeMutablePointer<Float>, classes: Int, width: Int, columns: Int) {
        self.classes = classes
        self.columns = columns
        row = memory
        highest = memory + width + 1
        winners = highest + columns
        rows = winners + columns
    }

    /// A network row of one class at the original columns; even network rows stand at place 0, odd ones at 1.
    func expanded(_ place: Int, _ label: Int) -> UnsafeMutablePointer<Float> {
        rows + (place * classes + label) * columns
    }
}
