import Threads

// Passes over whole maps, in chunks that a core's cache holds.

/// Calls `body` for every chunk of every plane (block of channels of a sample): the plane's number, and the range of
/// floats from the map's start, whole vectors.
func forEachChunk(
    _ map: FeatureMap, in workspace: Workspace, _ body: @Sendable (_ plane: Int, _ floats: Range<Int>) -> Void
) {
    let (chunks, stride) = (RowChunks(voxels: map.extent.count, planes: map.batch * map.blocks), map.blockStride)
    workspace.forEach(count: chunks.count) { index in
        let (plane, voxels) = chunks[index]
        body(
            plane,
            plane * stride + voxels.lowerBound * FeatureMap.lanes..<plane * stride + voxels.upperBound
                * FeatureMap.lanes)
    }
}

extension ChannelSums {
    /// Σ y and Σ y² of a map that no convolution made.
    package init(of map: FeatureMap, in workspace: Workspace) {
        let chunks = RowChunks(voxels: map.extent.count, planes: 1).perPlane
        var partial = Partial(batch: map.batch, channels: map.channels, tasksPerSample: chunks, in: workspace)
        let (blocks, stride) = (map.blocks, map.blockStride)
        partial.withPlaces { places in
            forEachChunk(map, in: workspace) { plane, range in
                var moments = Outflow.Moments()
                map.tensor.read { values in
                    for place in Swift.stride(from: range.lowerBound, to: range.upperBound, by: FeatureMap.lanes) {
                        let y = Vector(at: values + place).widened
                        moments.first += y
                        moments.second = moments.second.adding(y, times: y)
                    }
                }
                let chunk = (range.lowerBound - plane * stride) / (RowChunks.chunk * FeatureMap.lanes)
                places.base[(plane / blocks * chunks + chunk) * blocks + plane % blocks] = moments
            }
        }
        self = partial.summed()
    }
}

/// The feature with its activation carried out.
package func activated(_ feature: Feature, in workspace: Workspace) -> FeatureMap {
    guard let lines = feature.lines else { return feature.map }
    let map = feature.map
    let result = FeatureMap(batch: map.batch, channels: map.channels, extent: map.extent, in: workspace)
    let target = result.memory
    forEachChunk(map, in: workspace) { plane, range in
        let line = lines.line(plane)
        map.tensor.read { source in
            for place in stride(from: range.lowerBound, to: range.upperBound, by: FeatureMap.lanes) {
                line(Vector(at: source + place)).store(at: target.base + place)
            }
        }
    }
    return result
}

/// Adds `other` to `map`, in place.
package func add(_ other: FeatureMap, to map: FeatureMap, in workspace: Workspace) {
    let target = map.memory
    forEachChunk(map, in: workspace) { _, range in
        other.tensor.read { source in
            for place in stride(from: range.lowerBound, to: range.upperBound, by: FeatureMap.lanes) {
                (Vector(at: target.base + place) + Vector(at: source + place)).store(at: target.base + place)
            }
        }
    }
}
