/// A 3×3×3 convolution as sums over shifted copies of a padded tile, the same along each axis.
///
/// A tile of the source is copied into working memory, split into `sourceStride` phases per axis, with a border. Then target
/// voxel `targetStride·g + r` at grid coordinate g is a sum over taps `weight[kernel] · tile[phase][g + shift]`: in flat
/// memory every tap is one constant offset, so a whole plane of the grid is one run of vectors, whatever its width.
/// ```
///   forward, stride 1    t(g)      = Σ_k w(k) s(g + k − 1)          one phase
///   forward, stride 2    t(g)      = Σ_k w(k) s(2g + k − 1)         phase k mod 2, shift k / 2
///   backward, stride 1   t(g)      = Σ_k w(k) s(g + 1 − k)          shift 2 − k
///   backward, stride 2   t(2g)     = w(1) s(g)                      r = 0
///                        t(2g + 1) = w(0) s(g + 1) + w(2) s(g)      r = 1
/// ```
struct TapPlan: Sendable {
    struct Tap: Sendable {
        let kernel: Int
        let phase: Int
        let shift: Int
    }

    /// Tile coordinate s of phase p holds source coordinate `sourceStride·s + p + sourceOrigin`, 0 outside the source.
    let sourceStride: Int
    let sourceOrigin: Int
    /// Tile coordinates beyond the grid's.
    let halo: Int
    let targetStride: Int
    /// Taps along an axis for each remainder r.
    let taps: [[Tap]]

    static let forward = [
        1: TapPlan(
            sourceStride: 1, sourceOrigin: -1, halo: 2, targetStride: 1,
            taps: [(0..<3).map { Tap(kernel: $0, phase: 0, shift: $0) }]),
        2: TapPlan(
            sourceStride: 2, sourceOrigin: -1, halo: 1, targetStride: 1,
            taps: [(0..<3).map { Tap(kernel: $0, phase: $0 % 2, shift: $0 / 2) }]),
    ]
    static let backward = [
        1: TapPlan(
            sourceStride: 1, sourceOrigin: -1, halo: 2, targetStride: 1,
            taps: [(0..<3).map { Tap(kernel: $0, phase: 0, shift: 2 - $0) }]),
        2: TapPlan(
            sourceStride: 1, sourceOrigin: 0, halo: 1, targetStride: 2,
            taps: [
                [Tap(kernel: 1, phase: 0, shift: 0)],
                [Tap(kernel: 0, phase: 0, shift: 1), Tap(kernel: 2, phase: 0, shift: 0)],
            ]),
    ]

    /// One combination of remainders: where its results go and which weights it sums.
    struct Pass {
        let remainder: (depth: Int, height: Int, width: Int)
        /// Flat kernel index `(kd·3 + kh)·3 + kw` and flat offset in a tile's channel.
        let taps: [(kernel: Int, offset: Int)]
    }

    func passes(_ tiling: TapTiling) -> [Pass] {
        var passes: [Pass] = []
        for d in taps.indices {
            for h in taps.indices {
                for w in taps.indices { passes.append(pass((d, h, w), tiling)) }
            }
        }
        return passes
    }

    private func pass(_ r: (depth: Int, height: Int, width: Int), _ tiling: TapTiling) -> Pass {
        var combined: [(kernel: Int, offset: Int)] = []
        for d in taps[r.depth] {
            for h in taps[r.height] {
                for w in taps[r.width] {
                    combined.append((kernel: (d.kernel * 3 + h.kernel) * 3 + w.kernel, offset: tiling.offset(d, h, w)))
                }
            }
        }
        return Pass(remainder: r, taps: combined)
    }
}
