import Plans
import TensorCore
import Volumes

/// `GridInversion` where every network axis runs along one original axis.
struct SeparableInversion: Sendable {
    private let network: [Int]
    private let original: [Int]
    /// The original axis that runs along network axis D, H, W.
    private let axes: [Int]
    /// Per network axis.
    private let tables: [AxisTable]
    /// Planes of the original grid that one task makes: their labels lie side by side for the copy into the volume.
    private static let planesPerTask = 16

    /// nil if an axis of the original grid runs obliquely through the network's grid: by more than a thousandth of a voxel along its
    /// whole length (affines read from files are rounded to single precision).
    init?(network: [Int], original: [Int], map: Affine) {
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
        tables = (0..<3).map { row in
            AxisTable(count: original[axes[row]], scale: map[row, axes[row]], offset: map[row, 3], length: network[row])
        }
    }

    /// Writes the original planes whose upper network neighbour is fresh in this slab; the lower one is in it too.
    /// `labels` spans the original grid, i fastest.
    func run(_ slab: LogitSlab, _ labels: SharedPointer<UInt8>, pool: ComputePool) {
        let planes = tables[0].upper.indices.filter { slab.fresh.contains(tables[0].upper[$0]) }
        guard let start = planes.first, let last = planes.last else { return }
        // Positions rise or fall along the axis, so these planes are neighbours.
        let range = start...last
        let tasks = (range.count + Self.planesPerTask - 1) / Self.planesPerTask
        let (rows, columns) = (original[axes[1]], original[axes[2]])
        slab.logits.withUnsafeBufferPointer { logits in
            let logits = SharedPointer(reading: logits)
            // Per thread: a network plane, an interpolated row, the highest logits of an original plane.
            pool.forEach(count: tasks, scratch: network[1] * network[2] + network[2] + rows * columns) { task, scratch in
                let first = start + task * Self.planesPerTask
                let count = min(Self.planesPerTask, last + 1 - first)
                withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count * rows * columns) { winners in
                    guard let winners = winners.baseAddress else { return }
                    for plane in 0..<count {
                        classify(plane: first + plane, slab, logits.base, scratch: scratch, winners: winners + plane * rows * columns)
                    }
                    copy(winners, first: first, count: count, to: labels.base)
                }
            }
        }
    }

    /// The winning class of every voxel of one original plane, (rows, columns).
    private func classify(
        plane: Int, _ slab: LogitSlab, _ logits: UnsafePointer<Float>, scratch: UnsafeMutablePointer<Float>,
        winners: UnsafeMutablePointer<UInt8>
    ) {
        let area = network[1] * network[2]
        let blend = scratch
        let row = blend + area
        let highest = row + network[2]
        let weight = tables[0].fraction[plane]
        let (lower, upper) = (tables[0].lower[plane] - slab.first, tables[0].upper[plane] - slab.first)
        for label in 0..<slab.logits.shape[1] {
            let channel = logits + label * slab.planes * area
            let (near, far) = (channel + lower * area, channel + upper * area)
            for index in 0..<area { blend[index] = near[index] + weight * (far[index] - near[index]) }
            tables[2].lower.withUnsafeBufferPointer { lower in
                tables[2].upper.withUnsafeBufferPointer { upper in
                    tables[2].fraction.withUnsafeBufferPointer { fraction in
                        compete(UInt8(label), blend, row, highest, winners, lower, upper, fraction)
                    }
                }
            }
        }
    }

    /// Interpolates the rows and columns of one class's plane and notes where it beats the classes before it.
    private func compete(
        _ label: UInt8, _ slab: UnsafePointer<Float>, _ row: UnsafeMutablePointer<Float>, _ highest: UnsafeMutablePointer<Float>,
        _ winners: UnsafeMutablePointer<UInt8>, _ lower: UnsafeBufferPointer<Int>, _ upper: UnsafeBufferPointer<Int>,
        _ fraction: UnsafeBufferPointer<Float>
    ) {
        let columns = lower.count
        for index in tables[1].lower.indices {
            let weight = tables[1].fraction[index]
            let (near, far) = (slab + tables[1].lower[index] * network[2], slab + tables[1].upper[index] * network[2])
            for column in 0..<network[2] { row[column] = near[column] + weight * (far[column] - near[column]) }
            let (best, winner) = (highest + index * columns, winners + index * columns)
            for column in 0..<columns {
                let value = row[lower[column]] + fraction[column] * (row[upper[column]] - row[lower[column]])
                if label == 0 || value > best[column] {
                    best[column] = value
                    winner[column] = label
                }
            }
        }
    }

    /// From (plane, row, column) to the original volume's order, plane innermost: neighbours in memory when D runs along i.
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
