import Foundation
import TensorCore

// The definitions in Double, without any layout: oracles for the kernels that are not convolutions.

/// Group normalisation, then leaky ReLU of `slope`.
func normNaive(_ x: Tensor, weight: Tensor, bias: Tensor, groups: Int, slope: Float) -> Tensor {
    let (channels, voxels) = (x.channels, x.extent.count)
    let size = channels / groups * voxels
    var result = x
    for group in 0..<x.batch * groups {
        let indices = group * size..<(group + 1) * size
        let mean = indices.reduce(0.0) { $0 + Double(x[$1]) } / Double(size)
        let variance = indices.reduce(0.0) { $0 + pow(Double(x[$1]) - mean, 2) } / Double(size)
        for index in indices {
            let channel = index / voxels % channels
            let y =
                (Double(x[index]) - mean) / (variance + 1e-5).squareRoot() * Double(weight[channel])
                + Double(bias[channel])
            result[index] = Float(max(y, y * Double(slope)))
        }
    }
    return result
}

/// Trilinear enlargement by 2: each output looks up its source coordinate (j + ½) / 2 − ½.
func upsampleNaive(_ x: Tensor) -> Tensor {
    let (e, o) = (x.extent, x.extent.doubled)
    var result = Tensor(zeros: [x.batch, x.channels, o.depth, o.height, o.width])
    func corners(_ j: Int, _ n: Int) -> [(index: Int, weight: Double)] {
        let u = max(0, (Double(j) + 0.5) / 2 - 0.5)
        let low = Int(u)
        return [(low, 1 - (u - Double(low))), (min(low + 1, n - 1), u - Double(low))]
    }
    for index in 0..<result.count {
        let (volume, d, h, w) = (
            index / o.count, index / (o.height * o.width) % o.depth, index / o.width % o.height, index % o.width
        )
        var sum = 0.0
        for a in corners(d, e.depth) {
            for b in corners(h, e.height) {
                for c in corners(w, e.width) {
                    let source = ((volume * e.depth + a.index) * e.height + b.index) * e.width + c.index
                    sum += a.weight * b.weight * c.weight * Double(x[source])
                }
            }
        }
        result[index] = Float(sum)
    }
    return result
}

func softmaxNaive(_ x: Tensor) -> Tensor {
    let (channels, voxels) = (x.channels, x.extent.count)
    var result = x
    for n in 0..<x.batch {
        for v in 0..<voxels {
            let indices = (0..<channels).map { (n * channels + $0) * voxels + v }
            let largest = indices.map { Double(x[$0]) }.max() ?? 0
            let sum = indices.reduce(0) { $0 + exp(Double(x[$1]) - largest) }
            for index in indices { result[index] = Float(exp(Double(x[index]) - largest) / sum) }
        }
    }
    return result
}
