import Threads

/// Samples a grid whose axes run obliquely through the source's, point by point. Coordinates are in double precision.
struct PointResampler: Sendable {
    /// Sizes of the grid sampled and of the result.
    let source: [Int]
    let target: [Int]
    /// Indices of the result to indices of the source.
    let map: Affine
    let halvesUp: Bool
    /// Whether points beyond half a voxel from the source's border have a value of their own.
    let hasOutside: Bool
    let pool: ComputePool

    func nearest<Voxel: BitwiseCopyable & Sendable>(_ voxels: [Voxel], outside: Voxel) -> [Voxel] {
        let (nx, ny) = (source[0], source[1])
        let (last, halvesUp) = (lastIndex, halvesUp)
        return sampled(voxels, outside: outside) { voxels, at in
            let rounded = halvesUp ? (at + 0.5).rounded(.down) : at.rounded(.toNearestOrEven)
            let index = rounded.clamped(lowerBound: .zero, upperBound: last)
            return voxels[Int(index.x) + nx * (Int(index.y) + ny * Int(index.z))]
        }
    }

    func linear(_ voxels: [Float], outside: Float) -> [Float] {
        let neighbourhood = Neighbourhood(source)
        return sampled(voxels, outside: outside) { voxels, at in
            let place = neighbourhood.place(at)
            func row(_ offset: Int) -> Float {
                let value = voxels[offset]
                return value + (voxels[offset + place.stepI] - value) * place.weights.x
            }
            let (near, far) = (place.offset, place.offset + place.stepK)
            let (a, c) = (row(near), row(far))
            let lower = a + (row(near + place.stepJ) - a) * place.weights.y
            let upper = c + (row(far + place.stepJ) - c) * place.weights.y
            return lower + (upper - lower) * place.weights.z
        }
    }

    /// The label with the largest linear share.
    func labels(_ voxels: [UInt8], outside: UInt8) -> [UInt8] {
        let neighbourhood = Neighbourhood(source)
        return sampled(voxels, outside: outside) { voxels, at in
            let place = neighbourhood.place(at)
            let near = voxels + place.offset
            let far = near + place.stepK
            let (i, j) = (place.stepI, place.stepJ)
            let labels = SIMD8(near[0], near[i], near[j], near[i + j], far[0], far[i], far[j], far[i + j])
            if labels == SIMD8(repeating: labels[0]) { return labels[0] }
            return LabelShares(labels, place.weights.x, place.weights.y, place.weights.z).winner
        }
    }

    /// - Parameter coefficients: of the source with `margin` more on every side.
    func cubic(_ coefficients: [Float], margin: Int, outside: Float) -> [Float] {
        let (nx, ny) = (source[0] + 2 * margin, source[1] + 2 * margin)
        let reach = SIMD3(repeating: Double(margin - 2))
        let (lowest, highest) = (SIMD3<Double>.zero - reach, lastIndex + reach)
        return sampled(coefficients, outside: outside) { coefficients, at in
            let clamped = at.clamped(lowerBound: lowest, upperBound: highest)
            let floor = clamped.rounded(.down)
            let t = clamped - floor
            let (x, y, z) = (Self.weights(t.x), Self.weights(t.y), Self.weights(t.z))
            let first = Int(floor.x) - 1 + margin + nx * (Int(floor.y) - 1 + margin + ny * (Int(floor.z) - 1 + margin))
            var sum: Float = 0
            for k in 0..<4 {
                var plane: Float = 0
                for j in 0..<4 {
                    let row = coefficients + (first + nx * (j + ny * k))
                    plane += y[j] * (SIMD4(row[0], row[1], row[2], row[3]) * x).sum()
                }
                sum += z[k] * plane
            }
            return sum
        }
    }

    @inline(__always)
    private static func weights(_ t: Double) -> SIMD4<Float> {
        let s = 1 - t
        let inner = 4 - 6 * t * t + 3 * t * t * t
        let outer = 4 - 6 * s * s + 3 * s * s * s
        return SIMD4<Float>(SIMD4(s * s * s, inner, outer, t * t * t) / 6)
    }

    private var lastIndex: SIMD3<Double> { SIMD3(Double(source[0] - 1), Double(source[1] - 1), Double(source[2] - 1)) }

    /// Slice by slice in parallel, every point on its own. With pointers: spans, even unchecked, took 6 % longer.
    @inline(__always)
    private func sampled<Stored: BitwiseCopyable & Sendable, Voxel: BitwiseCopyable & Sendable>(
        _ voxels: [Stored], outside: Voxel, _ value: @Sendable (UnsafePointer<Stored>, SIMD3<Double>) -> Voxel
    ) -> [Voxel] {
        let (size, step, map, hasOutside) = (target, map.column(0), map, hasOutside)
        let bound = lastIndex + 0.5
        return [Voxel](unsafeUninitializedCapacity: size.reduce(1, *)) { result, count in
            let result = SharedPointer(result)
            pool.forEach(count: size[2]) { k in
                voxels.withUnsafeBufferPointer { voxels in
                    guard let voxels = voxels.baseAddress else { return }
                    for j in 0..<size[1] {
                        let start = map.applied(to: SIMD3(0, Double(j), Double(k)))
                        let row = result.base + size[0] * (j + size[1] * k)
                        for i in 0..<size[0] {
                            let at = start + step * Double(i)
                            // Rounding noise of affines must not decide about a border that many voxels share.
                            let isInside = !hasOutside || (all(at .>= -0.5 - 1e-9) && all(at .< bound - 1e-9))
                            row[i] = isInside ? value(voxels, at) : outside
                        }
                    }
                }
            }
            count = size.reduce(1, *)
        }
    }
}

/// The eight voxels around a point, border voxels beyond the border.
private struct Neighbourhood: Sendable {
    struct Place {
        let offset, stepI, stepJ, stepK: Int
        let weights: SIMD3<Float>
    }

    private let nx, ny, nz: Int
    private let last: SIMD3<Double>

    init(_ size: [Int]) {
        (nx, ny, nz) = (size[0], size[1], size[2])
        last = SIMD3(Double(nx - 1), Double(ny - 1), Double(nz - 1))
    }

    @inline(__always)
    func place(_ at: SIMD3<Double>) -> Place {
        let clamped = at.clamped(lowerBound: .zero, upperBound: last)
        let (i, j, k) = (Int(clamped.x), Int(clamped.y), Int(clamped.z))
        let floor = SIMD3(Double(i), Double(j), Double(k))
        return Place(
            offset: i + nx * (j + ny * k), stepI: i + 1 < nx ? 1 : 0, stepJ: j + 1 < ny ? nx : 0,
            stepK: k + 1 < nz ? nx * ny : 0,
            weights: SIMD3<Float>(clamped - floor))
    }
}
