// Passes over whole maps, voxel by voxel, in chunks that a core's cache holds.

/// Calls `body` for every chunk of voxels of every block of every sample: the plane's number (sample · blocks + block), and its voxels.
@inline(__always)
func forEachChunk(
    _ map: FeatureMap, in workspace: Workspace, _ body: @Sendable (_ chunk: Int, _ plane: Int, _ voxels: Range<Int>) -> Void
) {
    let chunks = RowChunks(voxels: map.extent.count, planes: map.batch * map.blocks)
    workspace.forEach(count: chunks.count) { index in
        let (plane, voxels) = chunks[index]
        body(index, plane, voxels)
    }
}

/// Calls `body` for every vector of a map: the plane's number and the vector's place, in floats from the map's start.
@inline(__always)
func forEachVector(_ map: FeatureMap, in workspace: Workspace, _ body: @Sendable (_ plane: Int, _ place: Int) -> Void) {
    let stride = map.blockStride
    forEachChunk(map, in: workspace) { _, plane, voxels in
        var place = plane * stride + voxels.lowerBound * FeatureMap.lanes
        for _ in voxels {
            body(plane, place)
            place += FeatureMap.lanes
        }
    }
}

extension ChannelSums {
    /// Σ y and Σ y² of a map that no convolution made.
    package init(of map: FeatureMap, in workspace: Workspace) {
        let chunks = RowChunks(voxels: map.extent.count, planes: 1)
        var partial = Partial(batch: map.batch, channels: map.channels, tasksPerSample: chunks.perPlane)
        let blocks = map.blocks
        partial.withPlaces { places in
            forEachChunk(map, in: workspace) { chunk, plane, voxels in
                let (sample, block) = (plane / blocks, plane % blocks)
                var moments = Outflow.Moments()
                map.tensor.read { values in
                    let source = values + plane * map.blockStride
                    for voxel in voxels {
                        let y = Vector(at: source + voxel * FeatureMap.lanes).widened
                        moments.first += y
                        moments.second.addProduct(y, y)
                    }
                }
                places.base[(sample * chunks.perPlane + chunk % chunks.perPlane) * blocks + block] = moments
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
    forEachVector(map, in: workspace) { plane, place in
        map.tensor.read { lines.line(plane)(Vector(at: $0 + place)).store(at: target.base + place) }
    }
    return result
}

/// Adds `other` to `map`, in place.
package func add(_ other: FeatureMap, to map: FeatureMap, in workspace: Workspace) {
    let target = map.memory
    forEachVector(map, in: workspace) { _, place in
        other.tensor.read { (Vector(at: target.base + place) + Vector(at: $0 + place)).store(at: target.base + place) }
    }
}
