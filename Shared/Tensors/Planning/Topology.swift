/// How often and along which axes a U-Net halves a patch, as nnU-Net decides it: axes are halved together while their
/// spacings are within a factor of two, and down to 4 voxels.
///
/// Source: nnunetv2/experiment_planning/experiment_planners/network_topology.py.
struct Topology: Equatable {
    /// Per stage, the full resolution first: (1, 1, 1), then 2 along the axes that are halved.
    let strides: [[Int]]
    /// Per stage: 3 along axes that are not, or no longer, more than twice as coarse as the finest.
    let kernels: [[Int]]
    /// What the patch's edges must be multiples of.
    let divisors: [Int]
    /// The patch it was asked for, up to the next multiples.
    let patch: [Int]

    private static let smallestEdge = 4.0

    /// - Parameter patch: may have halves, which a median of sizes has.
    init(spacing: [Double], patch: [Double]) {
        var (spacing, size) = (spacing, patch)
        var strides = [[Int]](repeating: [1, 1, 1], count: 1)
        var kernels: [[Int]] = []
        var (divisors, kernel) = ([1, 1, 1], [1, 1, 1])
        while let halved = Self.halvedAxes(spacing, size) {
            let finest = spacing.min() ?? 1
            for axis in 0..<3 where spacing[axis] / finest < 2 { kernel[axis] = 3 }
            for axis in halved {
                spacing[axis] *= 2
                size[axis] = (size[axis] / 2).rounded(.up)
                divisors[axis] *= 2
            }
            strides.append((0..<3).map { halved.contains($0) ? 2 : 1 })
            kernels.append(kernel)
        }
        kernels.append([3, 3, 3])
        (self.strides, self.kernels, self.divisors) = (strides, kernels, divisors)
        self.patch = (0..<3).map { axis in
            let (edge, divisor) = (patch[axis], Double(divisors[axis]))
            let remainder = edge.truncatingRemainder(dividingBy: divisor)
            return Int(remainder == 0 ? edge : edge + divisor - remainder)
        }
    }

    /// Nil where no axis can be halved any more.
    private static func halvedAxes(_ spacing: [Double], _ size: [Double]) -> [Int]? {
        let wide = (0..<3).filter { size[$0] >= 2 * smallestEdge }
        guard let finest = wide.map({ spacing[$0] }).min() else { return nil }
        let halved = wide.filter { spacing[$0] / finest < 2 }
        // A single axis is halved only where there is half as much again.
        if halved.count == 1, size[halved[0]] < 3 * smallestEdge { return nil }
        return halved.isEmpty ? nil : halved
    }
}
