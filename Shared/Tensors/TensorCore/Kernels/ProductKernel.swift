/// Who computes the matrix products that convolutions come down to: kernels of ours, which are compiled for one kind
/// of processor, or OpenBLAS, which finds out at run time what the processor has.
package enum ProductKernel: String, CaseIterable, Sendable {
    case own
    case openBLAS

    /// Whether this build has kernels of ours for its processors. Others compute everything with OpenBLAS.
    #if COLUMNA_OWN_KERNELS
        private static let hasOwn = true
    #else
        private static let hasOwn = false
    #endif

    /// Those that this build has.
    package static var built: [ProductKernel] { hasOwn ? allCases : [.openBLAS] }

    /// Ours where this build has it.
    fileprivate static var preferred: ProductKernel { hasOwn ? .own : .openBLAS }

    /// A direct convolution.
    func convolve(
        _ features: [Feature], phases: TapPhases, weights: ConvolutionWeights, into output: FeatureMap,
        epilogue: Epilogue, in workspace: Workspace
    ) -> ChannelSums? {
        switch self {
        case .own:
            DirectConvolution(features, phases: phases, target: output.extent, weights: weights, in: workspace)
                .run(into: output, epilogue: epilogue, in: workspace)
        case .openBLAS:
            TapProductConvolution(features, phases: phases, target: output.extent, weights: weights, in: workspace)
                .run(into: output, epilogue: epilogue, in: workspace)
        }
    }
}

/// Whose product each is, and why.
///
/// Milliseconds, ours : OpenBLAS's by its AVX-512 code, then ours : OpenBLAS's by its AVX2 code
/// (OPENBLAS_CORETYPE=Haswell). OpenBLAS 0.3.21, one core of an AMD EPYC of Zen 4, the quickest of seven and of five
/// runs that took turns, `columna benchmark kernels --threads 1`, beside other work: two runs of the same code differ
/// by up to 20 %, the two of a pair by less.
/// ```
///   Winograd's sums           32 → 32 at 96³      forward    166 : 181     153 : 183
///                             64 → 64 at 48³      by input    56 : 56       57 : 128
///                             256 → 256 at 12³    forward     20 : 24       16 : 15
///   Winograd's gradients      32 → 32 at 96³                 386 : 351     330 : 252
///   by the weight             64 → 64 at 48³                 109 : 89       98 : 92
///                             128 → 128 at 24³                48 : 45       33 : 29
///                             256 → 256 at 12³                38 : 39       29 : 27
///   direct sums, 3³           32 → 32 at 96³      forward    641 : 694     720 : 873
///                             256 → 256 at 12³    forward     71 : 83       58 : 87
///                             320 → 320 at 4³     forward      8 : 18       13 : 26
///                             1 → 32 at 96³       forward     47 : 204      30 : 192
///                             32 → 64 by 2, 96³   forward    175 : 176     175 : 200
///               1³            64 → 32 at 48³      forward     11 : 13        7 : 12
///                             32 → 26 at 96³      forward     40 : 49       43 : 54
///               transposed    64 → 32 to 96³                  51 : 55       67 : 81
///                             320 → 256 to 16³                15 : 11       15 : 10
///   direct gradients          32 → 32 at 96³                 757 : 645     691 : 906
///   by the weight             128 → 256 by 2, 24³             84 : 109      92 : 112
///                             64 → 32, 1³, 48³                 8 : 9         8 : 13
/// ```
/// The largest error is the same but where OpenBLAS adds taps and blocks of voxels one after another: direct sums of 32
/// channels 6e-7 : 2e-7, Winograd's gradients by the weight of 32 channels over 96³ 2e-5 : 3e-6.
struct ProductKernels: Sendable {
    /// Direct sums: forward, by the input, and both of transposed convolutions.
    let sums: ProductKernel
    /// Direct gradients by the weight.
    let weightGradient: ProductKernel
    /// At each of Winograd's points: tiles × channels of the input times channels × outputs.
    let winogradSums: ProductKernel
    /// At each of Winograd's points: channels of the input × tiles times tiles × outputs.
    let winogradWeightGradient: ProductKernel

    /// All by one, as benchmarks and tests compare them.
    init(all kernel: ProductKernel) {
        (sums, weightGradient, winogradSums, winogradWeightGradient) = (kernel, kernel, kernel, kernel)
    }

    /// Ours as a rule, for they are faster: a sum stays in registers over all taps and channels, where OpenBLAS's goes to
    /// memory after every tap. OpenBLAS's are
    /// - all of exact arithmetic, where they are nearer to the truth and cost up to a fifth more (a half where the
    ///   processor has AVX2 only), but for the image: its one channel would fill one of eight lanes;
    /// - all, on processors that have none of ours.
    ///
    /// Winograd's gradients by the weight stay ours although OpenBLAS takes up to a quarter less time for them: OpenBLAS
    /// chooses its code by the processor, so its bits depend on it, and a training that goes on on another machine must
    /// end in the same model. Exact arithmetic gives that up: the same bits on processors for which OpenBLAS has one code
    /// only.
    ///
    /// - Parameter inputs: channels that the convolution reads.
    init(for arithmetic: Arithmetic, inputs: Int) {
        let isExact = arithmetic == .exact && inputs >= FeatureMap.lanes
        (sums, weightGradient) = isExact ? (.openBLAS, .openBLAS) : (.preferred, .preferred)
        winogradSums = .preferred
        winogradWeightGradient = .preferred
    }
}
