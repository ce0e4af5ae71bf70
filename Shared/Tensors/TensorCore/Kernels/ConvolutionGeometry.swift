/// Three numbers along depth, height and width: a kernel, a stride, a padding.
package struct Triple: Sendable, Equatable, Hashable {
    package let depth: Int
    package let height: Int
    package let width: Int

    package init(_ depth: Int, _ height: Int, _ width: Int) {
        (self.depth, self.height, self.width) = (depth, height, width)
    }
    package init(_ all: Int) { self.init(all, all, all) }

    package var product: Int { depth * height * width }

    static func map(_ a: Triple, _ b: Triple, _ c: Triple, _ body: (Int, Int, Int) -> Int) -> Triple {
        Triple(body(a.depth, b.depth, c.depth), body(a.height, b.height, c.height), body(a.width, b.width, c.width))
    }
}

/// How the outputs of a convolution lie in its input: output o reads input `stride · o + k − padding` for each k of the
/// kernel.
package struct ConvolutionGeometry: Sendable, Equatable, Hashable {
    package let kernel: Triple
    package let stride: Triple
    package let padding: Triple

    package init(kernel: Triple, stride: Triple, padding: Triple) {
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
    }

    /// Odd kernels with `(k − 1) / 2` zeros around: the convolutions of SegResNet and nnU-Net.
    package init(kernel: Triple, stride: Triple = Triple(1)) {
        self.init(
            kernel: kernel, stride: stride, padding: Triple.map(kernel, kernel, kernel) { k, _, _ in (k - 1) / 2 })
    }

    /// Kernel = stride: each output block has one input voxel. Its gradient by the input is the transposed convolution
    /// of nnU-Net's decoder.
    package init(blocks stride: Triple) { self.init(kernel: stride, stride: stride, padding: Triple(0)) }

    package func outputExtent(_ input: Extent) -> Extent {
        func length(_ n: Int, _ kernel: Int, _ stride: Int, _ padding: Int) -> Int {
            (n + 2 * padding - kernel) / stride + 1
        }
        return Extent(
            depth: length(input.depth, kernel.depth, stride.depth, padding.depth),
            height: length(input.height, kernel.height, stride.height, padding.height),
            width: length(input.width, kernel.width, stride.width, padding.width))
    }

    /// Whether Winograd's F(4³, 3³) computes it.
    var suitsWinograd: Bool { kernel == Triple(3) && stride == Triple(1) && padding == Triple(1) }
}
