/// What a layer reads: a stored map, and what is still to be done to each value on the way in.
///
/// A norm and its activation are never stored: the layer before leaves its raw output and their two numbers per
/// channel, the layer after applies them where it loads. That saves two passes over memory and, in training, a copy of
/// every activation.
package struct Feature: Sendable {
    package let map: FeatureMap
    package let lines: ActivatedLines?

    package init(_ map: FeatureMap) {
        self.map = map
        lines = nil
    }

    package init(_ map: FeatureMap, lines: ActivatedLines?) {
        self.map = map
        self.lines = lines
    }
}

/// `max(y, slope · y)` with `y = scale · x + shift`: a normalisation and ReLU (slope 0), leaky ReLU or nothing (slope
/// 1), with a scale and a shift for each sample and channel.
package struct ActivatedLines: Sendable {
    /// One vector per sample and block of channels; zero beyond the last channel.
    let scales: [Vector]
    let shifts: [Vector]
    let slope: Float

    @inline(__always) func line(_ index: Int) -> ActivatedLine {
        ActivatedLine(scale: scales[index], shift: shifts[index], slope: slope)
    }
}

struct ActivatedLine {
    let scale: Vector
    let shift: Vector
    let slope: Float

    @inline(__always) func callAsFunction(_ x: Vector) -> Vector {
        let y = shift.adding(x, times: scale)
        return y.replacing(with: y * slope, where: y .< 0)
    }
}

/// Tells a layer what to do with the voxels it loads: nothing, or an activated line.
enum Inflow {
    case raw
    case activated(ActivatedLine)
}

extension Feature {
    /// For block `block` of sample `sample`.
    func inflow(_ sample: Int, _ block: Int) -> Inflow {
        guard let lines else { return .raw }
        return .activated(lines.line(sample * map.blocks + block))
    }

    /// Copies `count` voxels from column `first` of row `(depth, height)` of one block, activated; zeros outside the
    /// map, as a convolution's padding is applied to what it sees. In `target` voxels are `step` floats apart.
    @inline(__always)
    func loadRow(
        _ block: UnsafePointer<Float>, _ inflow: Inflow, depth: Int, height: Int, first: Int, count: Int,
        into target: UnsafeMutablePointer<Float>, step: Int = FeatureMap.lanes
    ) {
        let extent = map.extent
        guard depth >= 0, depth < extent.depth, height >= 0, height < extent.height else {
            clear(target, 0..<count, step)
            return
        }
        let begin = min(max(0, -first), count)
        let end = max(begin, min(count, extent.width - first))
        clear(target, 0..<begin, step)
        clear(target, end..<count, step)
        let source = block + ((depth * extent.height + height) * extent.width + first) * FeatureMap.lanes
        switch inflow {
        case .raw:
            var voxel = begin
            while voxel < end {
                Vector(at: source + voxel * FeatureMap.lanes).store(at: target + voxel * step)
                voxel += 1
            }
        case .activated(let line):
            var voxel = begin
            while voxel < end {
                line(Vector(at: source + voxel * FeatureMap.lanes)).store(at: target + voxel * step)
                voxel += 1
            }
        }
    }

    @inline(__always)
    private func clear(_ target: UnsafeMutablePointer<Float>, _ voxels: Range<Int>, _ step: Int) {
        var voxel = voxels.lowerBound
        while voxel < voxels.upperBound {
            Vector().store(at: target + voxel * step)
            voxel += 1
        }
    }
}
