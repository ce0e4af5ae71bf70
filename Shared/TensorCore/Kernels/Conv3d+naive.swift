// The definition, in Double and without any layout: the oracle of the tests.

/// As `conv3dForward`, for a kernel of any odd size with padding size / 2.
package func conv3dForwardNaive(_ input: Tensor, weight: Tensor, stride: Int = 1) -> Tensor {
    let shape = naiveOutputExtent(input, weight, stride)
    var output = [Double](repeating: 0, count: input.batch * weight.shape[0] * shape.count)
    forEachProduct(input, weight, stride) { out, inp, wgt in output[out] += Double(input[inp]) * Double(weight[wgt]) }
    return Tensor(output.map { Float($0) }, shape: [input.batch, weight.shape[0], shape.depth, shape.height, shape.width])
}

/// As `conv3dBackwardInput`; `input` gives the shape only.
package func conv3dBackwardInputNaive(_ gradient: Tensor, weight: Tensor, input: Tensor, stride: Int = 1) -> Tensor {
    var result = [Double](repeating: 0, count: input.count)
    forEachProduct(input, weight, stride) { out, inp, wgt in result[inp] += Double(gradient[out]) * Double(weight[wgt]) }
    return Tensor(result.map { Float($0) }, shape: input.shape)
}

/// As `conv3dBackwardWeight`; `weight` gives the shape only.
package func conv3dBackwardWeightNaive(_ input: Tensor, gradient: Tensor, weight: Tensor, stride: Int = 1) -> Tensor {
    var result = [Double](repeating: 0, count: weight.count)
    forEachProduct(input, weight, stride) { out, inp, wgt in result[wgt] += Double(gradient[out]) * Double(input[inp]) }
    return Tensor(result.map { Float($0) }, shape: weight.shape)
}

private func naiveOutputExtent(_ input: Tensor, _ weight: Tensor, _ stride: Int) -> Extent {
    func extent(_ n: Int) -> Int { (n - 1) / stride + 1 }
    return Extent(depth: extent(input.shape[2]), height: extent(input.shape[3]), width: extent(input.shape[4]))
}

/// Calls `body` with the flat indices of output, input and weight for every product in the convolution's sum.
private func forEachProduct(_ input: Tensor, _ weight: Tensor, _ stride: Int, _ body: (Int, Int, Int) -> Void) {
    let (e, o) = (input.extent, naiveOutputExtent(input, weight, stride))
    let (outputs, inputs, size) = (weight.shape[0], weight.shape[1], weight.shape[2])
    var out = 0
    for n in 0..<input.batch {
        for k in 0..<outputs {
            for od in 0..<o.depth {
                for oh in 0..<o.height {
                    for ow in 0..<o.width {
                        for c in 0..<inputs {
                            for tap in 0..<size * size * size {
                                let d = od * stride + tap / (size * size) - size / 2
                                let h = oh * stride + tap / size % size - size / 2
                                let w = ow * stride + tap % size - size / 2
                                guard (0..<e.depth).contains(d), (0..<e.height).contains(h), (0..<e.width).contains(w) else { continue }
                                let source = (((n * inputs + c) * e.depth + d) * e.height + h) * e.width + w
                                body(out, source, (k * inputs + c) * size * size * size + tap)
                            }
                        }
                        out += 1
                    }
                }
            }
        }
    }
}
