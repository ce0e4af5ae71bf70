/// Cubic B-splines (Unser, Aldroubi, Eden 1993): the interpolating spline's coefficients by a recursive filter, its
/// values by four weights.
enum Spline {
    /// The filter's pole, √3 − 2.
    static let pole = -0.267_949_192_431_122_7
    /// Beyond so many voxels the pole's powers are below single precision by far.
    static let horizon = 20

    /// Of coefficients n − 1 … n + 2 at n + `t`, 0 ≤ t < 1.
    static func weights(_ t: Double) -> [Float] {
        let s = 1 - t
        return [s * s * s / 6, (4 - 6 * t * t + 3 * t * t * t) / 6, (4 - 6 * s * s + 3 * s * s * s) / 6, t * t * t / 6]
            .map { Float($0) }
    }

    /// Index `n` of a line mirrored at its end voxels: … 2 1 0 1 2 …
    static func mirrored(_ n: Int, _ count: Int) -> Int {
        guard count > 1 else { return 0 }
        let period = 2 * (count - 1)
        let place = ((n % period) + period) % period
        return place < count ? place : period - place
    }
}

/// What a line's spline goes on to beyond its ends.
enum SplineEdge: Sendable, Equatable {
    /// The end voxels repeated, as scipy's `nearest` and scikit-image's `edge`; after 12 voxels nothing is left of what
    /// was beyond.
    case repeated
    /// Mirrored at the end voxels, as ITK's interpolator.
    case mirrored

    /// Rows before and behind a line that splines are worked out on.
    var extent: Int {
        switch self {
        case .repeated: 12
        case .mirrored: 4
        }
    }
}
