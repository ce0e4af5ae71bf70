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
    /// map, as a convolution's padding is applied to what it sees.
    @inline(__always)
    func loadRow(
        _ block: UnsafePointer<Float>, _ inflow: Inflow, depth: Int, height: Int, first: Int, count: Int,
        into target: UnsafeMutablePointer<Float>
    ) {
        let extent = map.extent
        guard depth >= 0, depth < extent.depth, height >= 0, height < extent.height else {
            target.update(repeating: 0, count: count * FeatureMap.lanes)
            return
        }
        let begin = min(max(0, -first), count)
        let end = max(begin, min(count, extent.width - first))
        if begin > 0 { target.update(repeating: 0, count: begin * FeatureMap.lanes) }
        if end < count {
            (target + end * FeatureMap.lanes).update(repeating: 0, count: (count - end) * FeatureMap.lanes)
        }
        let source = block + ((depth * extent.height + height) * extent.width + first) * FeatureMap.lanes
        switch inflow {
        case .raw:
            var voxel = begin
            while voxel < end {
                Vector(at: source + voxel * FeatureMap.lanes).store(at: target + voxel * FeatureMap.lanes)
                voxel += 1
            }
        case .activated(let line):
            var voxel = begin
            while voxel < end {
                line(Vector(at: source + voxel * FeatureMap.lanes)).store(at: target + voxel * FeatureMap.lanes)
                voxel += 1
            }
        }
    }
}
