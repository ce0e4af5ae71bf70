/// A direct convolution as sums over shifted source voxels, the same for the forward pass and for the gradient by the
/// input.
///
/// Target voxel `targetStride · g + remainder` at grid place g is a sum over taps `weight[tap] · source[sourceStride ·
/// g + shift]`:
/// ```
///   forward    o = g               shift = k − padding                  one phase
///   backward   i = stride · g + r  shift = (r + padding − k) / stride   for the k that divide; one phase for each remainder r
/// ```
struct TapPhases: Sendable {
    struct Tap: Sendable {
        /// Number of the tap in the weight.
        let tap: Int
        let shift: Triple
    }
    struct Phase: Sendable {
        let remainder: Triple
        let taps: [Tap]
    }

    let sourceStride: Triple
    let targetStride: Triple
    let phases: [Phase]
    /// Of all phases.
    let lowestShift: Triple
    let highestShift: Triple

    static func forward(_ geometry: ConvolutionGeometry) -> TapPhases {
        func axis(_ kernel: Int, _ padding: Int) -> [AxisPhase] {
            [AxisPhase(remainder: 0, taps: (0..<kernel).map { ($0, $0 - padding) })]
        }
        return TapPhases(
            sourceStride: geometry.stride, targetStride: Triple(1), kernel: geometry.kernel,
            axis(geometry.kernel.depth, geometry.padding.depth), axis(geometry.kernel.height, geometry.padding.height),
            axis(geometry.kernel.width, geometry.padding.width))
    }

    static func backward(_ geometry: ConvolutionGeometry) -> TapPhases {
        func axis(_ kernel: Int, _ stride: Int, _ padding: Int) -> [AxisPhase] {
            (0..<stride).map { r in
                AxisPhase(
                    remainder: r,
                    taps: (0..<kernel).filter { (r + padding - $0) % stride == 0 }.map {
                        ($0, (r + padding - $0) / stride)
                    })
            }
        }
        let (kernel, stride, padding) = (geometry.kernel, geometry.stride, geometry.padding)
        return TapPhases(
            sourceStride: Triple(1), targetStride: stride, kernel: kernel,
            axis(kernel.depth, stride.depth, padding.depth),
            axis(kernel.height, stride.height, padding.height), axis(kernel.width, stride.width, padding.width))
    }

    private struct AxisPhase {
        let remainder: Int
        let taps: [(kernel: Int, shift: Int)]
    }

    private init(
        sourceStride: Triple, targetStride: Triple, kernel: Triple, _ depths: [AxisPhase], _ heights: [AxisPhase],
        _ widths: [AxisPhase]
    ) {
        self.sourceStride = sourceStride
        self.targetStride = targetStride
        phases = depths.flatMap { d in
            heights.flatMap { h in
                widths.map { w in
                    let taps = d.taps.flatMap { a in
                        h.taps.flatMap { b in
                            w.taps.map { c in
                                Tap(
                                    tap: (a.kernel * kernel.height + b.kernel) * kernel.width + c.kernel,
                                    shift: Triple(a.shift, b.shift, c.shift))
                            }
                        }
                    }
                    return Phase(remainder: Triple(d.remainder, h.remainder, w.remainder), taps: taps)
                }
            }
        }
        func bound(_ axis: [AxisPhase], _ pick: ([Int]) -> Int?) -> Int {
            pick(axis.flatMap { $0.taps.map(\.shift) }) ?? 0
        }
        lowestShift = Triple(bound(depths) { $0.min() }, bound(heights) { $0.min() }, bound(widths) { $0.min() })
        highestShift = Triple(bound(depths) { $0.max() }, bound(heights) { $0.max() }, bound(widths) { $0.max() })
    }

    /// Grid places that have a target, of any phase.
    func grid(_ target: Extent) -> Extent {
        func places(_ n: Int, _ stride: Int) -> Int { (n + stride - 1) / stride }
        return Extent(
            depth: places(target.depth, targetStride.depth), height: places(target.height, targetStride.height),
            width: places(target.width, targetStride.width))
    }
}
