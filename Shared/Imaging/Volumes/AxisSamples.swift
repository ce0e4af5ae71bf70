/// Where the samples along one axis come from: index and weight tables, made once per axis in double precision.
struct AxisSamples: Sendable {
    enum Kind: Sendable {
        /// Every sample is voxel `lower`: the axis takes the nearest voxel, or samples lie on voxel centres.
        case nearest
        /// Between voxels `lower` and `upper`, `weights` of the upper one.
        case linear
        /// From four spline coefficients, the first of which is row `lower` of the extended line, with four `weights`
        /// each.
        case cubic(SplineEdge)
        /// Not samples but the spline coefficients themselves, with `margin` of them before and behind the line.
        case coefficients(SplineEdge, margin: Int)
    }

    let kind: Kind
    /// Voxels of the axis that is sampled.
    let size: Int
    let count: Int
    let lower: [Int32]
    let upper: [Int32]
    let weights: [Float]
    /// The samples that lie in the volume; others are given the value of what is outside.
    let inside: Range<Int>

    /// Whether the samples are the voxels.
    var isIdentity: Bool { unitStep.map { $0.first == 0 && $0.step == 1 } ?? false && count == size }

    /// The first voxel and the step of ±1 where samples are neighbouring voxels and none lies outside.
    var unitStep: (first: Int, step: Int)? {
        guard case .nearest = kind, inside == 0..<count, count > 0 else { return nil }
        let step = count > 1 ? Int(lower[1] - lower[0]) : 1
        guard abs(step) == 1, zip(lower, lower.dropFirst()).allSatisfy({ Int($1 - $0) == step }) else { return nil }
        return (Int(lower[0]), step)
    }

    /// - Parameters:
    ///   - coordinates: of the samples, in voxels of the axis; rising or falling.
    ///   - outside: whether samples beyond half a voxel from the border have a value of their own; else they count as
    ///     the border's.
    ///   - halvesUp: whether the nearest voxel of a half is the upper one; else the even one.
    init(
        coordinates: [Double], size: Int, interpolation: Interpolation, halvesUp: Bool, outside: Bool, edge: SplineEdge
    ) {
        self.size = size
        count = coordinates.count
        let last = Double(size - 1)
        inside = outside ? Self.inside(coordinates, size: size) : 0..<coordinates.count
        let isOnCentres = coordinates.allSatisfy { $0 == $0.rounded() }
        if interpolation == .nearest || isOnCentres {
            kind = .nearest
            lower = coordinates.map {
                Int32(max(0, min(halvesUp ? ($0 + 0.5).rounded(.down) : $0.rounded(.toNearestOrEven), last)))
            }
            (upper, weights) = (lower, [])
        } else if interpolation == .linear {
            kind = .linear
            let clamped = coordinates.map { max(0, min($0, last)) }
            lower = clamped.map { Int32($0) }
            upper = lower.map { min($0 + 1, Int32(size - 1)) }
            weights = zip(clamped, lower).map { Float($0 - Double($1)) }
        } else {
            kind = .cubic(edge)
            let reach = Double(edge.extent - 2)
            let clamped = coordinates.map { max(-reach, min($0, last + reach)) }
            lower = clamped.map { Int32($0.rounded(.down)) - 1 + Int32(edge.extent) }
            upper = []
            weights = clamped.flatMap { Spline.weights($0 - $0.rounded(.down)) }
        }
    }

    /// The coefficients along an axis.
    init(coefficientsOf size: Int, edge: SplineEdge, margin: Int) {
        kind = .coefficients(edge, margin: margin)
        self.size = size
        count = size + 2 * margin
        (lower, upper, weights, inside) = ([], [], [], 0..<count)
    }

    private static func inside(_ coordinates: [Double], size: Int) -> Range<Int> {
        // Rounding noise of affines must not decide about a border that many voxels share.
        let isInside = coordinates.map { $0 >= -0.5 - 1e-9 && $0 < Double(size) - 0.5 - 1e-9 }
        guard let first = isInside.firstIndex(of: true), let last = isInside.lastIndex(of: true) else { return 0..<0 }
        return first..<last + 1
    }
}
