import Anatomy
import Foundation
import TensorCore
import Volumes

/// Sums what a network thinks of bone into cells of a few millimetres, slab by slab, so that its logits need not be kept:
/// a hundred bytes a cell, and only where there is bone.
struct VoteGatherer {
    private struct Sums {
        var point = SIMD3<Double>.zero
        var voxels = 0
        var votes: [Float]
        var entropy: Float = 0
    }

    /// The label of each class.
    private let labels: [Int]
    private let geometry: Geometry
    /// Voxels of a cell per axis.
    private let edge: [Int]
    private let cellsPerAxis: [Int]
    private var cells: [Int: Sums] = [:]

    private static let edgeInMillimetres = 6.0

    /// - Parameter geometry: of the network's grid.
    init(labels: [Int], geometry: Geometry) {
        self.labels = labels
        self.geometry = geometry
        let edge = geometry.spacingInMillimetres.map { max(1, Int((Self.edgeInMillimetres / $0).rounded())) }
        self.edge = edge
        cellsPerAxis = (0..<3).map { (geometry.size[$0] + edge[$0] - 1) / edge[$0] }
    }

    /// Of the slab's fresh planes.
    /// - Parameter winners: of the same slab, whose classes were pooled into bones and others.
    mutating func add(_ slab: LogitSlab, _ winners: Winners) {
        let (height, width) = (geometry.size[1], geometry.size[2])
        let channel = slab.planes * height * width
        var logits = [Float](repeating: 0, count: labels.count)
        slab.logits.withUnsafeBufferPointer { values in
            var voxel = 0
            for d in slab.fresh {
                for h in 0..<height {
                    for w in 0..<width {
                        defer { voxel += 1 }
                        guard labels[Int(winners.labels[voxel])] > 0 else { continue }
                        let place = ((d - slab.first) * height + h) * width + w
                        for label in labels.indices { logits[label] = values[label * channel + place] }
                        add(logits, at: [d, h, w])
                    }
                }
            }
        }
    }

    private mutating func add(_ logits: [Float], at voxel: [Int]) {
        let softmax = PooledSoftmax(logits, isBone: { labels[$0] > 0 })
        let cell =
            (voxel[0] / edge[0] * cellsPerAxis[1] + voxel[1] / edge[1]) * cellsPerAxis[2] + voxel[2] / edge[2]
        let empty = Sums(votes: [Float](repeating: 0, count: (labels.max() ?? 0) + 1))
        for (number, probability) in softmax.probabilities.enumerated() where labels[number] > 0 {
            cells[cell, default: empty].votes[labels[number]] += probability
        }
        cells[cell, default: empty].point += SIMD3(Double(voxel[0]), Double(voxel[1]), Double(voxel[2]))
        cells[cell, default: empty].voxels += 1
        cells[cell, default: empty].entropy += softmax.entropy / log(Float(max(2, labels.count)))
    }

    /// In the order of the network's grid.
    var votes: LevelVotes {
        LevelVotes(
            cells: cells.sorted { $0.key < $1.key }.map { _, sums in
                LevelVotes.Cell(
                    point: geometry.affine.applied(to: sums.point / Double(sums.voxels)), voxels: sums.voxels,
                    votes: sums.votes, entropy: sums.entropy)
            })
    }
}

/// The softmax that logits had before they were pooled in two groups (`poolClasses`): the highest logit of each group is
/// the logarithm of the group's sum.
private struct PooledSoftmax {
    let probabilities: [Float]
    /// In nats.
    let entropy: Float

    init(_ logits: [Float], isBone: (Int) -> Bool) {
        var (highest, sums): ([Float], [Float]) = ([-.infinity, -.infinity], [0, 0])
        let groups = logits.indices.map { isBone($0) ? 1 : 0 }
        for (group, logit) in zip(groups, logits) { highest[group] = max(highest[group], logit) }
        for (group, logit) in zip(groups, logits) { sums[group] += exp(logit - highest[group]) }
        let bone = 1 / (1 + exp(highest[0] - highest[1]))
        let shares = [(1 - bone) / max(sums[0], 1), bone / max(sums[1], 1)]
        let values = zip(groups, logits).map { group, logit in shares[group] * exp(logit - highest[group]) }
        probabilities = values
        entropy = values.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
    }
}
