// Which class is highest at each voxel, and how sure a softmax is of it. In runs of voxels that stay in cache; class
// numbers are floats meanwhile, so that eight voxels are compared at once.

import Foundation

/// highest[n] = the highest of the classes' logits, winners[n] = the class that has it, the lowest of equals. NaN never
/// wins but as class 0.
///
/// - Parameters:
///   - logits: of the first voxel and class; the next class is `stride` further.
///   - classes: at least 1.
package func winningClasses(
    _ winners: UnsafeMutablePointer<Float>, _ highest: UnsafeMutablePointer<Float>, _ logits: UnsafePointer<Float>,
    stride: Int, classes: Int,
    count: Int
) {
    highest.update(from: logits, count: count)
    winners.update(repeating: 0, count: count)
    for label in 1..<max(1, classes) {
        challenge(winners, highest, logits + label * stride, label: label, count: count)
    }
}

/// Where challenger[n] > highest[n], it takes its place and `label` that of winners[n].
private func challenge(
    _ winners: UnsafeMutablePointer<Float>, _ highest: UnsafeMutablePointer<Float>, _ challenger: UnsafePointer<Float>,
    label: Int, count: Int
) {
    let number = Float(label)
    var index = 0
    while index + 8 <= count {
        let (value, best) = (Vector(at: challenger + index), Vector(at: highest + index))
        let wins = value .> best
        best.replacing(with: value, where: wins).store(at: highest + index)
        Vector(at: winners + index).replacing(with: number, where: wins).store(at: winners + index)
        index += 8
    }
    while index < count {
        if challenger[index] > highest[index] { (highest[index], winners[index]) = (challenger[index], number) }
        index += 1
    }
}

/// The same for a challenger that lies between two rows: near + weight · (far − near). Class 0 always takes the place:
/// it comes first.
package func challenge(
    _ winners: UnsafeMutablePointer<Float>, _ highest: UnsafeMutablePointer<Float>, between near: UnsafePointer<Float>,
    and far: UnsafePointer<Float>, weight: Float, label: Int, count: Int
) {
    let number = Float(label)
    var index = 0
    while index + 8 <= count {
        let below = Vector(at: near + index)
        let value = below.adding(Vector(at: far + index) - below, times: Vector(repeating: weight))
        if label == 0 {
            value.store(at: highest + index)
            Vector().store(at: winners + index)
        } else {
            let best = Vector(at: highest + index)
            let wins = value .> best
            best.replacing(with: value, where: wins).store(at: highest + index)
            Vector(at: winners + index).replacing(with: number, where: wins).store(at: winners + index)
        }
        index += 8
    }
    while index < count {
        let value = near[index].adding(far[index] - near[index], times: weight)
        if label == 0 || value > highest[index] { (highest[index], winners[index]) = (value, number) }
        index += 1
    }
}

/// labels[n] = winners[n] as a byte. Classes are at most 256.
package func writeLabels(_ labels: UnsafeMutablePointer<UInt8>, _ winners: UnsafePointer<Float>, count: Int) {
    for index in 0..<count { labels[index] = UInt8(truncatingIfNeeded: Int32(winners[index])) }
}

/// How sure a softmax is of its winners: probabilities[c] += Σ of the winner's probability and entropies[c] += Σ of the
/// entropy of all classes' probabilities, −Σ p ln p in nats (0 … ln `classes`), over the voxels where class c won;
/// background (class 0) isn't summed.
///
/// With d = x − max x, S = Σ exp d and T = Σ d · exp d, both in one pass over the classes: the winner's p = 1 / S, the
/// entropy = ln S − T / S.
package func addWinningCertainties(
    _ probabilities: UnsafeMutablePointer<Double>, _ entropies: UnsafeMutablePointer<Double>,
    _ winners: UnsafePointer<Float>,
    _ highest: UnsafePointer<Float>, _ logits: UnsafePointer<Float>, stride: Int, classes: Int, count: Int
) {
    for first in Swift.stride(from: 0, to: count, by: 8) {
        let lanes = min(8, count - first)
        // Most of a CT is background.
        guard (0..<lanes).contains(where: { winners[first + $0] != 0 }) else { continue }
        let best = vector(highest + first, lanes)
        var (total, weighted) = (Vector(), Vector())
        for label in 0..<classes {
            let difference = vector(logits + label * stride + first, lanes) - best
            let term = exponential(difference)
            total += term
            weighted = weighted.adding(difference, times: term)
        }
        for lane in 0..<lanes where winners[first + lane] != 0 {
            let (label, sum) = (Int(winners[first + lane]), Double(total[lane]))
            probabilities[label] += 1 / sum
            // Rounding may leave a little less than nothing.
            entropies[label] += max(0, log(sum) - Double(weighted[lane]) / sum)
        }
    }
}

/// Makes two groups of classes, so that the highest class lies in the group whose classes are more probable together:
/// each group's logits rise by ln Σ exp (x − max x) over the group, at most the logarithm of its size. Within a group
/// nothing changes, and nothing at all where one class of each group is alone probable.
///
/// - Parameter isSecond: whether a class is in the second group, by class.
package func poolClasses(
    _ logits: UnsafeMutablePointer<Float>, stride: Int, isSecond: UnsafePointer<Bool>, classes: Int, count: Int
) {
    // Farther apart than that, no sum over 256 classes turns the order.
    let margin = Float(6)
    for first in Swift.stride(from: 0, to: count, by: 8) {
        let lanes = min(8, count - first)
        var highest = (Vector(repeating: -.infinity), Vector(repeating: -.infinity))
        for label in 0..<classes {
            let value = vector(logits + label * stride + first, lanes)
            if isSecond[label] {
                highest.1 = highest.1.replacing(with: value, where: value .> highest.1)
            } else {
                highest.0 = highest.0.replacing(with: value, where: value .> highest.0)
            }
        }
        // Most of a CT is background.
        guard (0..<lanes).contains(where: { highest.0[$0] - highest.1[$0] < margin }) else { continue }
        var sums = (Vector(), Vector())
        for label in 0..<classes {
            let value = vector(logits + label * stride + first, lanes)
            if isSecond[label] {
                sums.1 += exponential(value - highest.1)
            } else {
                sums.0 += exponential(value - highest.0)
            }
        }
        for lane in 0..<lanes where highest.0[lane] - highest.1[lane] < margin {
            let rises = (log(max(1, sums.0[lane])), log(max(1, sums.1[lane])))
            for label in 0..<classes {
                logits[label * stride + first + lane] += isSecond[label] ? rises.1 : rises.0
            }
        }
    }
}

/// Up to eight floats, zeros in the rest.
@inline(__always)
private func vector(_ address: UnsafePointer<Float>, _ lanes: Int) -> Vector {
    guard lanes < 8 else { return Vector(at: address) }
    var vector = Vector()
    for lane in 0..<lanes { vector[lane] = address[lane] }
    return vector
}

/// Linear interpolation between two rows of `length` floats: target[n] = near[n] + weight · (far[n] − near[n]).
package func interpolateRow(
    _ target: UnsafeMutablePointer<Float>, _ near: UnsafePointer<Float>, _ far: UnsafePointer<Float>, weight: Float,
    count: Int
) {
    for index in 0..<count { target[index] = near[index].adding(far[index] - near[index], times: weight) }
}

/// Linear interpolation within a row: target[n] lies between source[lower[n]] and the float after it, `fraction[n]` of
/// the way. The row must be one float longer than its largest `lower`.
package func interpolateRow(
    _ target: UnsafeMutablePointer<Float>, along source: UnsafePointer<Float>, lower: UnsafePointer<Int32>,
    fraction: UnsafePointer<Float>,
    count: Int
) {
    for index in 0..<count {
        let position = Int(lower[index])
        let near = source[position]
        target[index] = near.adding(source[position + 1] - near, times: fraction[index])
    }
}
