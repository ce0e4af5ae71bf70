import Threads

// The mean of blocks of voxels, kernel and stride the same: what a residual block's skip does where the block has a
// stride.

/// The means of `stride`'s blocks of a feature; voxels beyond the last whole block are left out.
package func averagePooled(_ feature: Feature, stride: Triple, in workspace: Workspace) -> FeatureMap {
    let map = feature.map
    let input = map.extent
    let extent = Extent(
        depth: input.depth / stride.depth, height: input.height / stride.height, width: input.width / stride.width)
    let result = FeatureMap(batch: map.batch, channels: map.channels, extent: extent, in: workspace)
    let (target, share) = (result.memory, 1 / Float(stride.product))
    workspace.forEach(count: map.batch * map.blocks * extent.depth) { task in
        let (plane, depth) = (task / extent.depth, task % extent.depth)
        let line = feature.line(plane)
        for height in 0..<extent.height {
            for width in 0..<extent.width {
                var sum = Vector()
                for z in depth * stride.depth..<(depth + 1) * stride.depth {
                    for y in height * stride.height..<(height + 1) * stride.height {
                        for x in width * stride.width..<(width + 1) * stride.width {
                            let voxel = (z * input.height + y) * input.width + x
                            sum += line(
                                map.tensor.read { Vector(at: $0 + plane * map.blockStride + voxel * FeatureMap.lanes) })
                        }
                    }
                }
                let voxel = (depth * extent.height + height) * extent.width + width
                (sum * share).store(at: target.base + plane * result.blockStride + voxel * FeatureMap.lanes)
            }
        }
    }
    return result
}

/// The gradient by a feature of extent `extent`, from the gradient by its means; see `GradientTarget`.
package func averagePoolingGradient(
    _ gradient: FeatureMap, stride: Triple, extent: Extent, target: GradientTarget, in workspace: Workspace
) -> (map: FeatureMap, sums: ChannelSums?) {
    let (means, share) = (gradient.extent, 1 / Float(stride.product))
    return target.filled(batch: gradient.batch, channels: gradient.channels, extent: extent, in: workspace) {
        plane, row, width in
        let (z, y, x) = (row / extent.height / stride.depth, row % extent.height / stride.height, width / stride.width)
        guard z < means.depth, y < means.height, x < means.width else { return Vector() }
        let voxel = (z * means.height + y) * means.width + x
        return gradient.tensor.read { Vector(at: $0 + plane * gradient.blockStride + voxel * FeatureMap.lanes) } * share
    }
}
