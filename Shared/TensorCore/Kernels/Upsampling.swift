// Trilinear enlargement by 2 with half-pixel centres (align_corners false). Along an axis of n inputs:
//   output 2k = ¼ s[k−1] + ¾ s[k],  output 2k+1 = ¾ s[k] + ¼ s[k+1],  indices clamped to 0 ..< n;
// its transpose, the gradient, has the same weights:
//   ∂s[k] = ¾ (g[2k] + g[2k+1]) + ¼ (g[2k−1] + g[2k+2]),  indices clamped to 0 ..< 2n.

/// Output `(N, C, 2D, 2H, 2W)` for an input `(N, C, D, H, W)`.
package func upsampleForward(_ input: Tensor, pool: ComputePool) -> Tensor {
    let extent = input.extent
    let (plane, doubled) = (extent.height * extent.width, extent.doubled)
    var output = Tensor(uninitialized: input.batch, input.channels, doubled)
    output.writeDisjointly { output in
        pool.forEach(count: input.batch * input.channels * extent.depth, scratch: plane + extent.width) { task, working in
            let (volume, depth) = (task / extent.depth, task % extent.depth)
            input.read { input in
                let source = input + volume * extent.count
                for side in 0..<2 {
                    let other = min(max(depth + side * 2 - 1, 0), extent.depth - 1)
                    blend(working, source + depth * plane, 0.75, source + other * plane, 0.25, count: plane)
                    let target = output.base + volume * doubled.count + (depth * 2 + side) * doubled.height * doubled.width
                    upsamplePlane(working, extent.height, extent.width, row: working + plane, target)
                }
            }
        }
    }
    return output
}

/// Gradient `(N, C, D, H, W)` by the input from a gradient `(N, C, 2D, 2H, 2W)` by the output.
package func upsampleBackward(_ gradient: Tensor, pool: ComputePool) -> Tensor {
    let doubled = gradient.extent
    let extent = Extent(depth: doubled.depth / 2, height: doubled.height / 2, width: doubled.width / 2)
    let (plane, doubledPlane) = (extent.height * extent.width, doubled.height * doubled.width)
    var result = Tensor(uninitialized: gradient.batch, gradient.channels, extent)
    result.writeDisjointly { result in
        pool.forEach(count: gradient.batch * gradient.channels * extent.depth, scratch: doubledPlane + doubled.width) { task, working in
            let (volume, depth) = (task / extent.depth, task % extent.depth)
            gradient.read { gradient in
                let source = gradient + volume * doubled.count
                gather(working, depth, doubled.depth, count: doubledPlane) { source + $0 * doubledPlane }
                let target = result.base + volume * extent.count + depth * plane
                for height in 0..<extent.height {
                    let row = working + doubledPlane
                    gather(row, height, doubled.height, count: doubled.width) { UnsafePointer(working) + $0 * doubled.width }
                    gatherRow(target + height * extent.width, row, extent.width)
                }
            }
        }
    }
    return result
}

/// target = a·first + b·second.
@inline(__always)
private func blend(
    _ target: UnsafeMutablePointer<Float>, _ first: UnsafePointer<Float>, _ a: Float, _ second: UnsafePointer<Float>, _ b: Float, count: Int
) {
    for index in 0..<count { target[index] = a * first[index] + b * second[index] }
}

/// A plane enlarged along height and width; `row` is working memory of one row.
private func upsamplePlane(
    _ plane: UnsafePointer<Float>, _ height: Int, _ width: Int, row: UnsafeMutablePointer<Float>, _ target: UnsafeMutablePointer<Float>
) {
    for h in 0..<height {
        for side in 0..<2 {
            let other = min(max(h + side * 2 - 1, 0), height - 1)
            blend(row, plane + h * width, 0.75, plane + other * width, 0.25, count: width)
            upsampleRow(row, width, target + (h * 2 + side) * width * 2)
        }
    }
}

@inline(__always)
private func upsampleRow(_ row: UnsafePointer<Float>, _ width: Int, _ target: UnsafeMutablePointer<Float>) {
    target[0] = row[0]
    for w in 0..<width - 1 {
        target[w * 2 + 1] = 0.75 * row[w] + 0.25 * row[w + 1]
        target[w * 2 + 2] = 0.25 * row[w] + 0.75 * row[w + 1]
    }
    target[width * 2 - 1] = row[width - 1]
}

/// The transpose along one outer axis: four lines of the gradient, weighted, into `target`.
@inline(__always)
private func gather(
    _ target: UnsafeMutablePointer<Float>, _ index: Int, _ extent: Int, count: Int, line: (Int) -> UnsafePointer<Float>
) {
    let near = (line(index * 2), line(index * 2 + 1))
    let far = (line(max(index * 2 - 1, 0)), line(min(index * 2 + 2, extent - 1)))
    for position in 0..<count {
        target[position] = 0.75 * (near.0[position] + near.1[position]) + 0.25 * (far.0[position] + far.1[position])
    }
}

@inline(__always)
private func gatherRow(_ target: UnsafeMutablePointer<Float>, _ row: UnsafePointer<Float>, _ width: Int) {
    for w in 0..<width {
        let (before, after) = (row[max(w * 2 - 1, 0)], row[min(w * 2 + 2, width * 2 - 1)])
        target[w] = 0.75 * (row[w * 2] + row[w * 2 + 1]) + 0.25 * (before + after)
    }
}
