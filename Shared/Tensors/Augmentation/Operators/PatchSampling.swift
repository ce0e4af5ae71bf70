import TensorCore

/// Reads one patch at the places of another's voxels.
struct PatchSampling {
    let source: Extent
    let target: Extent
    let voxels: UnsafePointer<Float>
    let classes: UnsafePointer<UInt8>

    /// Without interpolation: the part at ⌊s/2⌋ − ⌊p/2⌋, zeros and background outside.
    func crop(_ image: UnsafeMutablePointer<Float>, _ labels: UnsafeMutablePointer<UInt8>) {
        let (z, y, x) = (
            source.depth / 2 - target.depth / 2, source.height / 2 - target.height / 2,
            source.width / 2 - target.width / 2
        )
        let columns = max(0, -x)..<max(max(0, -x), min(target.width, source.width - x))
        for depth in 0..<target.depth {
            for height in 0..<target.height {
                let line = (depth * target.height + height) * target.width
                let isInside =
                    (0..<source.depth).contains(depth + z) && (0..<source.height).contains(height + y)
                    && !columns.isEmpty
                if !isInside || columns.count < target.width {
                    (image + line).update(repeating: 0, count: target.width)
                    (labels + line).update(repeating: 0, count: target.width)
                }
                guard isInside else { continue }
                let from = ((depth + z) * source.height + height + y) * source.width + x + columns.lowerBound
                (image + line + columns.lowerBound).update(from: voxels + from, count: columns.count)
                (labels + line + columns.lowerBound).update(from: classes + from, count: columns.count)
            }
        }
    }

    /// By linear interpolation; see `SpatialTransform`.
    func resample(
        _ image: UnsafeMutablePointer<Float>, _ labels: UnsafeMutablePointer<UInt8>, by matrix: [Double],
        _ field: ElasticField?
    ) {
        let (width, edges) = (
            target.width, [Double(target.depth), Double(target.height), Double(target.width)]
        )
        let middle = [source.depth, source.height, source.width].map { Double($0 - 1) / 2 }
        // Where the row is read: along D, H, W; then its displacements, and what those are made in.
        let knots = field?.knots[2] ?? 0
        withUnsafeTemporaryAllocation(of: Float.self, capacity: width * 6 + knots * 3) { working in
            let places = working.baseAddress!
            let (moves, making) = (places + width * 3, places + width * 6)
            for depth in 0..<target.depth {
                for height in 0..<target.height {
                    let offset = [Double(depth) - (edges[0] - 1) / 2, Double(height) - (edges[1] - 1) / 2]
                    field?.write(moves, depth: depth, height: height, working: making)
                    for axis in 0..<3 {
                        let row = places + axis * width
                        let (a, b, c) = (matrix[axis * 3], matrix[axis * 3 + 1], matrix[axis * 3 + 2])
                        let first = Float(a * offset[0] + b * offset[1] - c * (edges[2] - 1) / 2 + middle[axis])
                        let step = Float(c)
                        for column in 0..<width { row[column] = first + Float(column) * step }
                        guard field != nil else { continue }
                        let (fa, fb, fc) = (Float(a), Float(b), Float(c))
                        for column in 0..<width {
                            row[column] +=
                                fa * moves[column] + fb * moves[width + column] + fc * moves[2 * width + column]
                        }
                    }
                    let line = (depth * target.height + height) * width
                    sample(places, image + line, labels + line)
                }
            }
        }
    }

    private func sample(
        _ places: UnsafePointer<Float>, _ image: UnsafeMutablePointer<Float>, _ labels: UnsafeMutablePointer<UInt8>
    ) {
        let (width, row, slice) = (target.width, source.width, source.height * source.width)
        let limit = SIMD3<Float>(Float(source.depth - 1), Float(source.height - 1), Float(source.width - 1))
        for column in 0..<width {
            let (z, y, x) = (places[column], places[width + column], places[2 * width + column])
            guard z >= 0 && y >= 0 && x >= 0 && z < limit.x && y < limit.y && x < limit.z else {
                (image[column], labels[column]) = valuesAtBorder(z, y, x)
                continue
            }
            let (iz, iy, ix) = (Int(z), Int(y), Int(x))
            let (tz, ty, tx) = (z - Float(iz), y - Float(iy), x - Float(ix))
            let corner = iz * slice + iy * row + ix
            let a = voxels + corner
            let b = a + slice
            let a0 = a[0] + tx * (a[1] - a[0])
            let a1 = a[row] + tx * (a[row + 1] - a[row])
            let b0 = b[0] + tx * (b[1] - b[0])
            let b1 = b[row] + tx * (b[row + 1] - b[row])
            let near = a0 + ty * (a1 - a0)
            image[column] = near + tz * (b0 + ty * (b1 - b0) - near)

            let pairs = UnsafeRawPointer(classes + corner)
            let first = pairs.loadUnaligned(as: UInt16.self)
            let second = pairs.loadUnaligned(fromByteOffset: row, as: UInt16.self)
            let third = pairs.loadUnaligned(fromByteOffset: slice, as: UInt16.self)
            let fourth = pairs.loadUnaligned(fromByteOffset: slice + row, as: UInt16.self)
            if first == second && first == third && first == fourth && first & 0xFF == first >> 8 {
                labels[column] = UInt8(truncatingIfNeeded: first)
            } else {
                let eight = SIMD8<Int32>(
                    Int32(first & 0xFF), Int32(first >> 8), Int32(second & 0xFF), Int32(second >> 8),
                    Int32(third & 0xFF), Int32(third >> 8), Int32(fourth & 0xFF), Int32(fourth >> 8))
                labels[column] = UInt8(max(0, Self.winner(eight, iz, iy, ix, tz, ty, tx)))
            }
        }
    }

    /// At places some of whose eight corners may lie outside.
    @inline(never)
    private func valuesAtBorder(_ z: Float, _ y: Float, _ x: Float) -> (Float, UInt8) {
        guard
            z > -1 && y > -1 && x > -1 && z < Float(source.depth) && y < Float(source.height)
                && x < Float(source.width)
        else { return (0, 0) }
        let (iz, iy, ix) = (Int(z.rounded(.down)), Int(y.rounded(.down)), Int(x.rounded(.down)))
        let (tz, ty, tx) = (z - Float(iz), y - Float(iy), x - Float(ix))
        let weights = Self.weights(tz, ty, tx)
        var (sum, labels) = (Float(0), SIMD8<Int32>(repeating: Self.outside))
        for corner in 0..<8 {
            let (dz, dy, dx) = (iz + corner >> 2, iy + corner >> 1 & 1, ix + corner & 1)
            guard
                (0..<source.depth).contains(dz) && (0..<source.height).contains(dy)
                    && (0..<source.width).contains(dx)
            else { continue }
            let index = (dz * source.height + dy) * source.width + dx
            sum += weights[corner] * voxels[index]
            labels[corner] = Int32(classes[index])
        }
        return (sum, UInt8(max(0, Self.winner(labels, iz, iy, ix, tz, ty, tx))))
    }

    private static let outside: Int32 = -1

    /// Weights that differ by less count as equal: batchgeneratorsv2 compares thousandths in half precision.
    private static let tie: Float = 0x1p-12

    /// Corner 4z + 2y + x.
    private static func weights(_ tz: Float, _ ty: Float, _ tx: Float) -> SIMD8<Float> {
        let x = SIMD8<Float>(1 - tx, tx, 1 - tx, tx, 1 - tx, tx, 1 - tx, tx)
        let y = SIMD8<Float>(1 - ty, 1 - ty, ty, ty, 1 - ty, 1 - ty, ty, ty)
        let z = SIMD8<Float>(1 - tz, 1 - tz, 1 - tz, 1 - tz, tz, tz, tz, tz)
        return x * y * z
    }

    /// The label with the largest weight; of equal ones the nearest corner's, else the lowest.
    private static func winner(
        _ labels: SIMD8<Int32>, _ iz: Int, _ iy: Int, _ ix: Int, _ tz: Float, _ ty: Float, _ tx: Float
    ) -> Int32 {
        let weights = weights(tz, ty, tx)
        func isFar(_ t: Float, _ index: Int) -> Bool { t > 0.5 || (t == 0.5 && index & 1 == 1) }
        let corner = (isFar(tz, iz) ? 4 : 0) + (isFar(ty, iy) ? 2 : 0) + (isFar(tx, ix) ? 1 : 0)
        let nearest = labels[corner]
        func score(_ label: Int32) -> Float {
            weights.replacing(with: 0, where: labels .!= label).sum()
        }
        let own = score(nearest)
        if own > 0.5 { return nearest }
        var (best, winner) = (own + tie, nearest)
        var open = labels .!= nearest
        while any(open) {
            let label = labels.replacing(with: .max, where: .!open).min()
            let weight = score(label)
            if weight > best { (best, winner) = (weight, label) }
            open = open .& (labels .!= label)
        }
        return winner
    }
}
