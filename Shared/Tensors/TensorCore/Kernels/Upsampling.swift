import Threads

// Trilinear enlargement by 2 with half-pixel centres (align_corners false). Along an axis of n inputs:
//   output 2k = ¼ s[k−1] + ¾ s[k],  output 2k+1 = ¾ s[k] + ¼ s[k+1],  indices clamped to 0 ..< n;
// its transpose, the gradient, has the same weights:
//   ∂s[k] = ¾ (g[2k] + g[2k+1]) + ¼ (g[2k−1] + g[2k+2]),  indices clamped to 0 ..< 2n.

/// `map` with each axis twice as long, plus `skip`; `sums` are Σ y and Σ y² per channel.
package func upsampled(_ map: FeatureMap, adding skip: FeatureMap, in workspace: Workspace) -> (
    map: FeatureMap, sums: ChannelSums
) {
    let (extent, doubled, blocks) = (map.extent, map.extent.doubled, map.blocks)
    let output = FeatureMap(batch: map.batch, channels: map.channels, extent: doubled, in: workspace)
    let (plane, epilogue, target) = (
        extent.height * extent.width * 8, Epilogue(adding: skip, gathersSums: true), output.memory
    )
    var partial = ChannelSums.Partial(
        batch: map.batch, channels: map.channels, tasksPerSample: extent.depth, in: workspace)
    partial.withPlaces { places in
        workspace.forEach(count: map.batch * extent.depth, scratch: plane + extent.width * 8 + doubled.width * 8) {
            task, working in
            let (sample, depth) = (task / extent.depth, task % extent.depth)
            let (near, far) = (working + plane, working + plane + extent.width * 8)
            for block in 0..<blocks {
                var outflow = epilogue.outflow(target.base, output, sample: sample, block: block)
                map.read(sample, block) { source in
                    for side in 0..<2 {
                        let other = min(max(depth + side * 2 - 1, 0), extent.depth - 1)
                        blend(working, source + depth * plane, source + other * plane, count: plane)
                        for height in 0..<doubled.height {
                            let row = height / 2
                            let beside = min(max(row + height % 2 * 2 - 1, 0), extent.height - 1)
                            blend(
                                near, working + row * extent.width * 8, working + beside * extent.width * 8,
                                count: extent.width * 8)
                            widen(far, near, extent.width)
                            outflow.writeRow(
                                far, count: doubled.width,
                                at: ((depth * 2 + side) * doubled.height + height) * doubled.width)
                        }
                    }
                }
                places.base[task * blocks + block] = outflow.moments
            }
        }
    }
    return (output, partial.summed())
}

/// The gradient by the input from the gradient by the enlarged map.
package func upsamplingGradient(_ gradient: FeatureMap, in workspace: Workspace) -> FeatureMap {
    let doubled = gradient.extent
    let extent = Extent(depth: doubled.depth / 2, height: doubled.height / 2, width: doubled.width / 2)
    let result = FeatureMap(batch: gradient.batch, channels: gradient.channels, extent: extent, in: workspace)
    let (plane, row, blocks, target) = (
        doubled.height * doubled.width * 8, doubled.width * 8, gradient.blocks, result.memory
    )
    workspace.forEach(count: gradient.batch * blocks * extent.depth, scratch: plane + row) { task, working in
        let (volume, depth) = (task / extent.depth, task % extent.depth)
        gradient.read(volume / blocks, volume % blocks) { source in
            gather(working, depth, doubled.depth, count: plane) { source + $0 * plane }
            for height in 0..<extent.height {
                gather(working + plane, height, doubled.height, count: row) { UnsafePointer(working) + $0 * row }
                let line =
                    target.base + volume * result.blockStride + (depth * extent.height + height) * extent.width * 8
                for width in 0..<extent.width {
                    gather(line + width * 8, width, doubled.width, count: 8) { UnsafePointer(working) + plane + $0 * 8 }
                }
            }
        }
    }
    return result
}

/// target = ¾ near + ¼ far.
@inline(__always)
private func blend(
    _ target: UnsafeMutablePointer<Float>, _ near: UnsafePointer<Float>, _ far: UnsafePointer<Float>, count: Int
) {
    for place in stride(from: 0, to: count, by: 8) {
        (Vector(at: near + place) * 0.75).adding(Vector(at: far + place), times: Vector(repeating: 0.25)).store(
            at: target + place)
    }
}

/// A row of voxels enlarged.
@inline(__always)
private func widen(_ target: UnsafeMutablePointer<Float>, _ source: UnsafePointer<Float>, _ width: Int) {
    for column in 0..<width {
        let x = Vector(at: source + column * 8) * 0.75
        let before = Vector(at: source + max(column - 1, 0) * 8),
            after = Vector(at: source + min(column + 1, width - 1) * 8)
        x.adding(before, times: Vector(repeating: 0.25)).store(at: target + column * 16)
        x.adding(after, times: Vector(repeating: 0.25)).store(at: target + column * 16 + 8)
    }
}

/// target = ¾ (g[2k] + g[2k+1]) + ¼ (g[2k−1] + g[2k+2]) for the vectors at `line(index)`.
@inline(__always)
private func gather(
    _ target: UnsafeMutablePointer<Float>, _ index: Int, _ length: Int, count: Int,
    _ line: (Int) -> UnsafePointer<Float>
) {
    let (first, second) = (line(index * 2), line(index * 2 + 1))
    let (before, after) = (line(max(index * 2 - 1, 0)), line(min(index * 2 + 2, length - 1)))
    for place in stride(from: 0, to: count, by: 8) {
        let inner = Vector(at: first + place) + Vector(at: second + place),
            outer = Vector(at: before + place) + Vector(at: after + place)
        (inner * 0.75).adding(outer, times: Vector(repeating: 0.25)).store(at: target + place)
    }
}
