// The definition, in Double and without any layout: the oracle of the tests. NCDHW as in README.md.

extension ConvolutionGeometry {
    /// Output `(N, K, D', H', W')` for an input `(N, C, D, H, W)` and a weight `(K, C, kd, kh, kw)`.
    package func forwardNaive(_ input: Tensor, weight: Tensor) -> Tensor {
        let extent = outputExtent(input.extent)
        var output = [Double](repeating: 0, count: input.batch * weight.shape[0] * extent.count)
        forEachProduct(input.shape, weight.shape) { out, inp, wgt in
            output[out] += Double(input[inp]) * Double(weight[wgt])
        }
        return Tensor(
            output.map { Float($0) }, shape: [input.batch, weight.shape[0], extent.depth, extent.height, extent.width])
    }

    /// Gradient by an input of shape `input`.
    package func inputGradientNaive(_ gradient: Tensor, weight: Tensor, input: [Int]) -> Tensor {
        var result = [Double](repeating: 0, count: input.reduce(1, *))
        forEachProduct(input, weight.shape) { out, inp, wgt in
            result[inp] += Double(gradient[out]) * Double(weight[wgt])
        }
        return Tensor(result.map { Float($0) }, shape: input)
    }

    /// Gradient by a weight of shape `weight`.
    package func weightGradientNaive(_ input: Tensor, gradient: Tensor, weight: [Int]) -> Tensor {
        var result = [Double](repeating: 0, count: weight.reduce(1, *))
        forEachProduct(input.shape, weight) { out, inp, wgt in result[wgt] += Double(gradient[out]) * Double(input[inp])
        }
        return Tensor(result.map { Float($0) }, shape: weight)
    }

    /// Calls `body` with the flat indices of output, input and weight for every product in the convolution's sum.
    private func forEachProduct(_ input: [Int], _ weight: [Int], _ body: (Int, Int, Int) -> Void) {
        let extent = Extent(depth: input[2], height: input[3], width: input[4])
        let grid = outputExtent(extent)
        for out in 0..<input[0] * weight[0] * grid.count {
            let (place, channel) = (out % grid.count, out / grid.count % weight[0])
            let sample = out / grid.count / weight[0]
            let (od, oh, ow) = (
                place / (grid.height * grid.width), place / grid.width % grid.height, place % grid.width
            )
            for c in 0..<weight[1] {
                for tap in 0..<kernel.product {
                    let d = od * stride.depth + tap / (kernel.height * kernel.width) - padding.depth
                    let h = oh * stride.height + tap / kernel.width % kernel.height - padding.height
                    let w = ow * stride.width + tap % kernel.width - padding.width
                    guard (0..<extent.depth).contains(d), (0..<extent.height).contains(h),
                        (0..<extent.width).contains(w)
                    else { continue }
                    let source = (((sample * weight[1] + c) * extent.depth + d) * extent.height + h) * extent.width + w
                    body(out, source, (channel * weight[1] + c) * kernel.product + tap)
                }
            }
        }
    }
}
