/// What follows a convolution, while its results are still in the core's cache: bias, residual sum, the gate of a
/// gradient, and the sums that the next norm needs. One per task and block of channels; its sums go to `ChannelSums` at
/// the end.
struct Outflow {
    /// One block of channels of one sample of the result.
    let target: UnsafeMutablePointer<Float>
    var bias = Vector()
    /// The same block of a map that is added; it may be the target itself.
    var adding: UnsafePointer<Float>?
    /// Multiplies a gradient by what the activation let through.
    var gate: Gate?
    private(set) var moments = Moments()

    struct Gate {
        /// The same block of the map that was activated.
        let source: UnsafePointer<Float>
        let line: ActivatedLine
    }

    /// Σ y and Σ y·z per channel, z being y itself, or x of the gate.
    struct Moments {
        var first = DoubleVector()
        var second = DoubleVector()
    }

    /// The same over few voxels, in single precision.
    struct Partial {
        var first = Vector()
        var second = Vector()
    }

    init(target: UnsafeMutablePointer<Float>) { self.target = target }

    /// Adds what a tile or a part of a row gave; at most 64 voxels, so that single precision loses nothing that
    /// matters.
    @inline(__always) mutating func note(_ partial: Partial) {
        moments.first += partial.first.widened
        moments.second += partial.second.widened
    }

    /// Writes `count` voxels from `voxel` on; `stride` is above 1 where a strided gradient fills every so many voxels.
    /// `values` are `pitch` floats apart.
    @inline(__always)
    func write(
        _ values: UnsafePointer<Float>, pitch: Int = FeatureMap.lanes, count: Int, at voxel: Int, stride: Int = 1,
        _ partial: inout Partial
    ) {
        let step = stride * FeatureMap.lanes
        var place = voxel * FeatureMap.lanes
        if let gate {
            for index in 0..<count {
                let x = Vector(at: gate.source + place)
                var value = Vector(at: values + index * pitch)
                if let adding { value += Vector(at: adding + place) }
                let y = gate.line.passing(value, at: x)
                y.store(at: target + place)
                partial.first += y
                partial.second = partial.second.adding(y, times: x)
                place += step
            }
        } else if let adding {
            for index in 0..<count {
                let y = Vector(at: values + index * pitch) + bias + Vector(at: adding + place)
                y.store(at: target + place)
                partial.first += y
                partial.second = partial.second.adding(y, times: y)
                place += step
            }
        } else {
            for index in 0..<count {
                let y = Vector(at: values + index * pitch) + bias
                y.store(at: target + place)
                partial.first += y
                partial.second = partial.second.adding(y, times: y)
                place += step
            }
        }
    }

    /// Writes a row of any length, and notes its sums.
    @inline(__always)
    mutating func writeRow(
        _ values: UnsafePointer<Float>, pitch: Int = FeatureMap.lanes, count: Int, at voxel: Int, stride: Int = 1
    ) {
        for first in Swift.stride(from: 0, to: count, by: 32) {
            var partial = Partial()
            write(
                values + first * pitch, pitch: pitch, count: min(32, count - first), at: voxel + first * stride,
                stride: stride, &partial)
            note(partial)
        }
    }

    /// Asks for the memory of `count` voxels from `voxel` on.
    @inline(__always) func prefetch(count: Int, at voxel: Int) {
        let (place, floats) = (voxel * FeatureMap.lanes, count * FeatureMap.lanes)
        Prefetch.toWrite(target + place, floats: floats)
        if let adding { Prefetch.toRead(adding + place, floats: floats) }
        if let gate { Prefetch.toRead(gate.source + place, floats: floats) }
    }
}

extension ActivatedLine {
    /// The gradient by y from the gradient by the activated value: times 1 where y > 0, times the slope elsewhere.
    @inline(__always) func passing(_ gradient: Vector, at x: Vector) -> Vector {
        let y = shift.adding(x, times: scale)
        return (gradient * slope).replacing(with: gradient, where: y .> 0)
    }
}
