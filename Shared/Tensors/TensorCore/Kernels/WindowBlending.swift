// What a sliding window does to every logit, in runs of voxels along W.
//
// Each logit is touched once per window and pass, so these loops wait for memory: eight floats at a time are enough.

/// target[n] += weights[n] · source[n] for n in 0 ..< count, or with source[−n] where `descends` (the window was
/// mirrored along W).
///
/// - Returns: 0, or NaN if a sum is NaN or infinite.
package func addWeighted(
    _ target: UnsafeMutablePointer<Float>, _ weights: UnsafePointer<Float>, _ source: UnsafePointer<Float>, count: Int,
    descends: Bool
) -> Float {
    var strays = Vector()
    var index = 0
    while index + 8 <= count {
        let answer = descends ? Vector(at: source - index - 7).reversed : Vector(at: source + index)
        let sum = Vector(at: target + index).adding(Vector(at: weights + index), times: answer)
        sum.store(at: target + index)
        // Only what is NaN or infinite differs from itself.
        strays += sum - sum
        index += 8
    }
    var stray = strays.sum()
    while index < count {
        target[index] += weights[index] * source[descends ? -index : index]
        stray += target[index] - target[index]
        index += 1
    }
    return stray
}

/// target[n] += source[n].
package func addRow(_ target: UnsafeMutablePointer<Float>, _ source: UnsafePointer<Float>, count: Int) {
    for index in 0..<count { target[index] += source[index] }
}

/// target[n] = max(target[n], source[n]); NaN where either is, so that nothing hides it.
package func raiseRow(_ target: UnsafeMutablePointer<Float>, to source: UnsafePointer<Float>, count: Int) {
    for index in 0..<count {
        let value = source[index]
        // What is no number is neither greater nor less, and stays or comes.
        target[index] =
            target[index] >= value ? target[index] : (target[index] != target[index] ? target[index] : value)
    }
}

/// target[n] /= weights[n]; `unseen` where the weight is 0.
package func divideRow(
    _ target: UnsafeMutablePointer<Float>, by weights: UnsafePointer<Float>, unseen: Float, count: Int
) {
    var index = 0
    while index + 8 <= count {
        let weight = Vector(at: weights + index)
        (Vector(at: target + index) / weight).replacing(with: unseen, where: weight .== 0).store(at: target + index)
        index += 8
    }
    while index < count {
        target[index] = weights[index] == 0 ? unseen : target[index] / weights[index]
        index += 1
    }
}

extension Vector {
    @inline(__always) fileprivate var reversed: Vector {
        Vector(self[7], self[6], self[5], self[4], self[3], self[2], self[1], self[0])
    }
}
