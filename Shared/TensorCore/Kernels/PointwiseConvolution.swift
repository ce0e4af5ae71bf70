// 1×1×1 convolution: a matrix product over voxels, in chunks that a core's cache holds. N, C, D, H, W as in README.md; K output channels.

/// Voxels of one chunk; fixed, so that sums do not depend on the number of threads.
private let chunk = 4096

/// The chunks of all samples' voxels.
private struct Chunks: Sendable {
    let voxels: Int
    let perSample: Int
    let count: Int

    init(_ tensor: Tensor) {
        voxels = tensor.extent.count
        perSample = (voxels + chunk - 1) / chunk
        count = perSample * tensor.batch
    }

    func place(_ index: Int) -> (sample: Int, first: Int, size: Int) {
        let first = index % perSample * chunk
        return (index / perSample, first, min(chunk, voxels - first))
    }
}

/// Output `(N, K, D, H, W)` for an input `(N, C, D, H, W)`, a weight `(K, C, 1, 1, 1)` and a bias `(K)` or none.
package func pointwiseForward(_ input: Tensor, weight: Tensor, bias: Tensor? = nil, pool: ComputePool) -> Tensor {
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    var output = Tensor(uninitialized: input.batch, outputs, input.extent)
    let chunks = Chunks(input)
    output.writeDisjointly { output in
        pool.forEach(count: chunks.count) { index in
            let (sample, first, size) = chunks.place(index)
            let target = output.base + sample * outputs * chunks.voxels + first
            input.read { input in
                weight.read { weight in
                    BLAS.multiply(
                        BLAS.Matrix(base: weight, stride: inputs),
                        BLAS.Matrix(base: input + sample * inputs * chunks.voxels + first, stride: chunks.voxels),
                        rows: outputs, columns: size, inner: inputs, result: target, resultStride: chunks.voxels)
                }
            }
            guard let bias else { return }
            for channel in 0..<outputs {
                let (row, value) = (target + channel * chunks.voxels, bias[channel])
                for voxel in 0..<size { row[voxel] += value }
            }
        }
    }
    return output
}

/// Gradient `(N, C, D, H, W)` by the input.
package func pointwiseBackwardInput(_ gradient: Tensor, weight: Tensor, pool: ComputePool) -> Tensor {
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    var result = Tensor(uninitialized: gradient.batch, inputs, gradient.extent)
    let chunks = Chunks(gradient)
    result.writeDisjointly { result in
        pool.forEach(count: chunks.count) { index in
            let (sample, first, size) = chunks.place(index)
            gradient.read { gradient in
                weight.read { weight in
                    BLAS.multiply(
                        BLAS.Matrix(base: weight, stride: inputs).transposed,
                        BLAS.Matrix(base: gradient + sample * outputs * chunks.voxels + first, stride: chunks.voxels),
                        rows: inputs, columns: size, inner: outputs, result: result.base + sample * inputs * chunks.voxels + first,
                        resultStride: chunks.voxels)
                }
            }
        }
    }
    return result
}

/// Gradient `(K, C, 1, 1, 1)` by the weight: float32 within a chunk of voxels, Double over chunks.
package func pointwiseBackwardWeight(_ input: Tensor, gradient: Tensor, pool: ComputePool) -> Tensor {
    let (outputs, inputs) = (gradient.channels, input.channels)
    let chunks = Chunks(input)
    var partial = Tensor(uninitialized: [chunks.count, outputs * inputs])
    partial.writeDisjointly { partial in
        pool.forEach(count: chunks.count) { index in
            let (sample, first, size) = chunks.place(index)
            gradient.read { gradient in
                input.read { input in
                    BLAS.multiply(
                        BLAS.Matrix(base: gradient + sample * outputs * chunks.voxels + first, stride: chunks.voxels),
                        BLAS.Matrix(base: input + sample * inputs * chunks.voxels + first, stride: chunks.voxels).transposed,
                        rows: outputs, columns: inputs, inner: size, result: partial.base + index * outputs * inputs, resultStride: inputs)
                }
            }
        }
    }
    return summed(partial, into: [outputs, inputs, 1, 1, 1])
}

/// Gradient `(K)` by the bias: the sum over samples and voxels, in Double.
package func biasBackward(_ gradient: Tensor, pool: ComputePool) -> Tensor {
    let (batch, channels, voxels) = (gradient.batch, gradient.channels, gradient.extent.count)
    var result = Tensor(uninitialized: [channels])
    result.writeDisjointly { result in
        pool.forEach(count: channels) { channel in
            gradient.read { gradient in
                var sum = 0.0
                for sample in 0..<batch { sum += sumInDouble(gradient + (sample * channels + channel) * voxels, count: voxels) }
                result.base[channel] = Float(sum)
            }
        }
    }
    return result
}

/// Rows of a matrix added up in order.
private func summed(_ rows: Tensor, into shape: [Int]) -> Tensor {
    var result = Tensor(uninitialized: shape)
    rows.withUnsafeBufferPointer { rows in
        result.withUnsafeMutableBufferPointer { values in
            for index in values.indices {
                var sum = 0.0
                for row in stride(from: index, to: rows.count, by: values.count) { sum += Double(rows[row]) }
                values[index] = Float(sum)
            }
        }
    }
    return result
}
