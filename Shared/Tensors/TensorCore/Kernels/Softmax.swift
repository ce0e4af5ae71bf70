package import Threads

// Over the channels of NCDHW tensors, voxel by voxel, in chunks of voxels that stay in cache.

private let chunk = 2048

/// Probabilities `(N, C, D, H, W)` from logits of the same shape: exp(x − max) / Σ exp(x − max) over C.
package func softmax(_ logits: Tensor, pool: ComputePool) -> Tensor {
    let (channels, voxels) = (logits.channels, logits.extent.count)
    let perSample = (voxels + chunk - 1) / chunk
    var output = Tensor(uninitialized: logits.shape)
    output.writeDisjointly { output in
        pool.forEach(count: logits.batch * perSample, scratch: chunk * 2) { task, working in
            let (sample, first) = (task / perSample, task % perSample * chunk)
            let size = min(chunk, voxels - first)
            let offset = sample * channels * voxels + first
            logits.read { logits in
                softmax(
                    output.base + offset, logits + offset, channels, voxels, size, largest: working,
                    sums: working + chunk)
            }
        }
    }
    return output
}

private func softmax(
    _ output: UnsafeMutablePointer<Float>, _ logits: UnsafePointer<Float>, _ channels: Int, _ stride: Int, _ size: Int,
    largest: UnsafeMutablePointer<Float>, sums: UnsafeMutablePointer<Float>
) {
    largest.update(from: logits, count: size)
    for channel in 1..<max(channels, 1) {
        let row = logits + channel * stride
        for voxel in 0..<size { largest[voxel] = max(largest[voxel], row[voxel]) }
    }
    sums.update(repeating: 0, count: size)
    for channel in 0..<channels {
        let (row, target) = (logits + channel * stride, output + channel * stride)
        exponentials(target, row, minus: largest, count: size)
        for voxel in 0..<size { sums[voxel] += target[voxel] }
    }
    for voxel in 0..<size { sums[voxel] = 1 / sums[voxel] }
    for channel in 0..<channels {
        let target = output + channel * stride
        for voxel in 0..<size { target[voxel] *= sums[voxel] }
    }
}

/// The channel with the largest value at each voxel, `(N, D, H, W)` in C order; the lowest channel wins ties. C at most
/// 256.
package func argmax(_ logits: Tensor, pool: ComputePool) -> [UInt8] {
    let (channels, voxels) = (logits.channels, logits.extent.count)
    let perSample = (voxels + chunk - 1) / chunk
    var labels = [UInt8](repeating: 0, count: logits.batch * voxels)
    labels.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        let labels = SharedPointer(base)
        pool.forEach(count: logits.batch * perSample, scratch: chunk * 2) { task, working in
            let (sample, first) = (task / perSample, task % perSample * chunk)
            let size = min(chunk, voxels - first)
            logits.read { logits in
                winningClasses(
                    working, working + chunk, logits + sample * channels * voxels + first, stride: voxels,
                    classes: channels, count: size)
            }
            for voxel in 0..<size { labels.base[sample * voxels + first + voxel] = UInt8(working[voxel]) }
        }
    }
    return labels
}
