import Threads

// Sums and gradients that pass through a network's branches without weights: the joins of residual blocks.

/// The sum of two features of the same shape, each with its activation carried out.
package func summed(_ first: Feature, _ second: Feature, in workspace: Workspace) -> FeatureMap {
    let map = first.map
    let result = FeatureMap(batch: map.batch, channels: map.channels, extent: map.extent, in: workspace)
    let target = result.memory
    forEachChunk(map, in: workspace) { plane, range in
        let (one, other) = (first.line(plane), second.line(plane))
        first.map.tensor.read { left in
            second.map.tensor.read { right in
                for place in stride(from: range.lowerBound, to: range.upperBound, by: FeatureMap.lanes) {
                    (one(Vector(at: left + place)) + other(Vector(at: right + place))).store(at: target.base + place)
                }
            }
        }
    }
    return result
}

/// The gradient by the input of a layer that hands its input on unchanged; see `GradientTarget`.
package func passedGradient(
    _ gradient: FeatureMap, target: GradientTarget, in workspace: Workspace
) -> (map: FeatureMap, sums: ChannelSums?) {
    target.filled(batch: gradient.batch, channels: gradient.channels, extent: gradient.extent, in: workspace) {
        plane, row, width in
        gradient.tensor.read {
            Vector(at: $0 + plane * gradient.blockStride + (row * gradient.extent.width + width) * FeatureMap.lanes)
        }
    }
}

extension Feature {
    /// What is done to the values of a plane: the line 1·x + 0 without activation where there is none.
    func line(_ plane: Int) -> ActivatedLine {
        lines?.line(plane) ?? ActivatedLine(scale: Vector(repeating: 1), shift: Vector(), slope: 1)
    }

    /// The map as it is, then activated with `slope` (0: ReLU).
    package init(_ map: FeatureMap, slope: Float) {
        let planes = map.batch * map.blocks
        self.init(
            map,
            lines: ActivatedLines(
                scales: Array(repeating: Vector(repeating: 1), count: planes),
                shifts: Array(repeating: Vector(), count: planes), slope: slope))
    }
}

extension GradientTarget {
    /// Writes the gradient that `value` gives for each voxel of each plane (its row counts depth and height together):
    /// adds it to what is there, and lets it through the gate.
    @inline(__always)
    func filled(
        batch: Int, channels: Int, extent: Extent, in workspace: Workspace,
        _ value: @Sendable (_ plane: Int, _ row: Int, _ width: Int) -> Vector
    ) -> (map: FeatureMap, sums: ChannelSums?) {
        let result = map(batch: batch, channels: channels, extent: extent, in: workspace)
        let (blocks, depth, target, isAdding) = (result.blocks, extent.depth, result.memory, adding != nil)
        var partial = ChannelSums.Partial(batch: batch, channels: channels, tasksPerSample: depth, in: workspace)
        partial.withPlaces { places in
            workspace.forEach(count: batch * blocks * depth) { task in
                let (plane, slice) = (task / depth, task % depth)
                let line = gate?.lines?.line(plane)
                var moments = Outflow.Moments()
                for row in slice * extent.height..<(slice + 1) * extent.height {
                    for width in 0..<extent.width {
                        let place = plane * result.blockStride + (row * extent.width + width) * FeatureMap.lanes
                        var gradient = value(plane, row, width)
                        if isAdding { gradient += Vector(at: target.base + place) }
                        if let gate, let line {
                            let x = gate.map.tensor.read { Vector(at: $0 + place) }
                            gradient = line.passing(gradient, at: x)
                            moments.first += gradient.widened
                            moments.second = moments.second.adding(gradient.widened, times: x.widened)
                        }
                        gradient.store(at: target.base + place)
                    }
                }
                places.base[(plane / blocks * depth + slice) * blocks + plane % blocks] = moments
            }
        }
        return (result, gate == nil ? nil : partial.summed())
    }
}
