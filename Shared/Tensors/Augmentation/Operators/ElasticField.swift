/// Smooth displacements of a patch's voxels: a uniform cubic B-spline per axis of displacement, with mean 0 over the
/// patch.
///
/// Random coefficients at knots √3 · σ apart give a field that is as smooth as white noise blurred with σ (the second
/// moments of both autocorrelations agree), without a blur of whole volumes.
package struct ElasticField: Sendable, Equatable {
    /// Voxels from knot to knot along D, H, W; the first knot of an axis lies one before its first voxel.
    package let spacing: [Double]
    /// Knots along D, H, W.
    package let knots: [Int]
    /// Displacement along D, H and W in voxels: for each a coefficient per knot, in C order.
    package private(set) var coefficients: [[Float]]
    /// For every voxel of an axis: the first of its four knots, and their weights.
    let axes: [[(knot: Int, weights: SIMD4<Float>)]]

    /// The field of given coefficients, less its mean.
    package init(patch: [Int], spacing: [Double], coefficients: [[Float]]) {
        self.spacing = spacing
        knots = Self.knots(patch, spacing)
        axes = zip(patch, spacing).map { edge, spacing in (0..<edge).map { Self.place(Double($0) / spacing) } }
        self.coefficients = coefficients
        centre()
    }

    /// A random field. The largest displacement at the knots is `displacement` along each axis.
    /// - Parameters:
    ///   - smoothness: σ as a share of the patch's edges.
    ///   - isWithinSlices: every slice along D alike, and nothing displaced along D.
    init(
        patch: [Int], smoothness: Double, displacement: Double, isWithinSlices: Bool, _ random: inout StepRandom
    ) {
        let spacing = patch.map { max(1, 3.0.squareRoot() * smoothness * Double($0)) }
        let knots = Self.knots(patch, spacing)
        let (slice, whole) = (knots[1] * knots[2], knots[0] * knots[1] * knots[2])
        self.init(
            patch: patch, spacing: spacing,
            coefficients: (0..<3).map { axis in
                guard isWithinSlices else { return (0..<whole).map { _ in NormalNumbers.draw(&random) } }
                guard axis > 0 else { return [Float](repeating: 0, count: whole) }
                let values = (0..<slice).map { _ in NormalNumbers.draw(&random) }
                return (0..<knots[0]).flatMap { _ in values }
            })
        for axis in 0..<3 {
            let largest = largestAtKnots(axis)
            guard largest > 0 else { continue }
            let factor = Float(displacement) / largest
            for index in coefficients[axis].indices { coefficients[axis][index] *= factor }
        }
    }

    package static func knots(_ patch: [Int], _ spacing: [Double]) -> [Int] {
        zip(patch, spacing).map { Int(Double($0 - 1) / $1) + 4 }
    }

    package static func == (one: ElasticField, other: ElasticField) -> Bool {
        one.spacing == other.spacing && one.coefficients == other.coefficients
    }

    private static func place(_ position: Double) -> (knot: Int, weights: SIMD4<Float>) {
        let knot = Int(position)
        let t = position - Double(knot)
        let s = 1 - t
        return (
            knot,
            SIMD4<Float>(
                Float(s * s * s / 6), Float((3 * t * t * t - 6 * t * t + 4) / 6),
                Float((3 * s * s * s - 6 * s * s + 4) / 6), Float(t * t * t / 6))
        )
    }

    /// Weights of a knot sum to 1 at every voxel, so the mean of the field is a mean of coefficients.
    private mutating func centre() {
        let shares = (0..<3).map { axis in
            var shares = [Double](repeating: 0, count: knots[axis])
            for place in axes[axis] {
                for tap in 0..<4 { shares[place.knot + tap] += Double(place.weights[tap]) / Double(axes[axis].count) }
            }
            return shares
        }
        for axis in 0..<3 {
            var (mean, index) = (0.0, 0)
            for depth in shares[0] {
                for height in shares[1] {
                    for width in shares[2] {
                        mean += depth * height * width * Double(coefficients[axis][index])
                        index += 1
                    }
                }
            }
            for index in coefficients[axis].indices { coefficients[axis][index] -= Float(mean) }
        }
    }

    /// Of |displacement| at the knots that lie in the patch.
    private func largestAtKnots(_ axis: Int) -> Float {
        let weights: [Float] = [1 / 6, 4 / 6, 1 / 6]
        var largest: Float = 0
        for d in 1..<knots[0] - 2 {
            for h in 1..<knots[1] - 2 {
                for w in 1..<knots[2] - 2 {
                    var sum: Float = 0
                    for tap in 0..<27 {
                        let (z, y, x) = (tap / 9, tap / 3 % 3, tap % 3)
                        let index = ((d + z - 1) * knots[1] + h + y - 1) * knots[2] + w + x - 1
                        sum += weights[z] * weights[y] * weights[x] * coefficients[axis][index]
                    }
                    largest = max(largest, abs(sum))
                }
            }
        }
        return largest
    }

    /// Displacements of one row of voxels.
    /// - Parameters:
    ///   - row: three rows of the patch's width: along D, along H, along W.
    ///   - working: three rows of knots.
    func write(
        _ row: UnsafeMutablePointer<Float>, depth: Int, height: Int, working: UnsafeMutablePointer<Float>
    ) {
        let (near, beside, width) = (axes[0][depth], axes[1][height], axes[2].count)
        for axis in 0..<3 {
            let line = working + axis * knots[2]
            line.update(repeating: 0, count: knots[2])
            coefficients[axis].withUnsafeBufferPointer { coefficients in
                for tap in 0..<16 {
                    let weight = near.weights[tap / 4] * beside.weights[tap % 4]
                    let first = ((near.knot + tap / 4) * knots[1] + beside.knot + tap % 4) * knots[2]
                    for knot in 0..<knots[2] { line[knot] += weight * coefficients[first + knot] }
                }
            }
            axes[2].withUnsafeBufferPointer { places in
                for column in 0..<width {
                    let place = places[column]
                    let values = UnsafeRawPointer(line + place.knot).loadUnaligned(as: SIMD4<Float>.self)
                    row[axis * width + column] = (values * place.weights).sum()
                }
            }
        }
    }
}
