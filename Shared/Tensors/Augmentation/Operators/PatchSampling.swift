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

    /// A row, eight voxels at a time where all of them lie inside.
    private func sample(
        _ places: UnsafePointer<Float>, _ image: UnsafeMutablePointer<Float>, _ labels: UnsafeMutablePointer<UInt8>
    ) {
        let width = target.width
        let (deepest, highest, widest) = (
            Float(source.depth - 1), Float(source.height - 1), Float(source.width - 1)
        )
        var column = 0
        while column < width {
            if column + 8 <= width {
                let (z, y, x) = (
                    Eight(places, column), Eight(places, width + column), Eight(places, 2 * width + column)
                )
                let isInside =
                    z.value .>= 0 .& y.value .>= 0 .& x.value .>= 0 .& z.value .< deepest .& y.value .< highest
                    .& x.value .< widest
                if all(isInside) {
                    sample(z, y, x, image + column, labels + column)
                    column += 8
                    continue
                }
            }
            (image[column], labels[column]) = valuesAtBorder(
                places[column], places[width + column], places[2 * width + column])
            column += 1
        }
    }

    /// Eight places along one axis, none below 0: the voxels before them, and how far they are from those.
    private struct Eight {
        let value: SIMD8<Float>
        let index: SIMD8<Int32>
        let fraction: SIMD8<Float>

        @inline(__always)
        init(_ places: UnsafePointer<Float>, _ first: Int) {
            value = UnsafeRawPointer(places + first).loadUnaligned(as: SIMD8<Float>.self)
            // Adding 1.5 · 2²³ leaves the nearest whole number in the low bits: of a place less ½ the one before it. A
            // whole place may count as 1 after the voxel before it, which is the same.
            let shifted = (value - 0.5) + 0x1.8p23
            index = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &- 0x4B40_0000
            fraction = value - (shifted - 0x1.8p23)
        }
    }

    @inline(__always)
    private func sample(
        _ z: Eight, _ y: Eight, _ x: Eight, _ image: UnsafeMutablePointer<Float>,
        _ labels: UnsafeMutablePointer<UInt8>
    ) {
        let (row, slice) = (source.width, source.height * source.width)
        let corners = z.index &* Int32(slice) &+ y.index &* Int32(row) &+ x.index
        @inline(__always)
        func line(_ offset: Int) -> SIMD8<Float> {
            let (near, far) = (gathered(corners, offset), gathered(corners, offset + 1))
            return near + x.fraction * (far - near)
        }
        let (first, second) = (line(0), line(slice))
        let near = first + y.fraction * (line(row) - first)
        let far = second + y.fraction * (line(slice + row) - second)
        UnsafeMutableRawPointer(image).storeBytes(of: near + z.fraction * (far - near), as: SIMD8<Float>.self)
        for lane in 0..<8 {
            let pairs = UnsafeRawPointer(classes + Int(corners[lane]))
            let first = pairs.loadUnaligned(as: UInt16.self)
            let second = pairs.loadUnaligned(fromByteOffset: row, as: UInt16.self)
            let third = pairs.loadUnaligned(fromByteOffset: slice, as: UInt16.self)
            let fourth = pairs.loadUnaligned(fromByteOffset: slice + row, as: UInt16.self)
            if first == second && first == third && first == fourth && first & 0xFF == first >> 8 {
                labels[lane] = UInt8(truncatingIfNeeded: first)
            } else {
                let eight = SIMD8<Int32>(
                    Int32(first & 0xFF), Int32(first >> 8), Int32(second & 0xFF), Int32(second >> 8),
                    Int32(third & 0xFF), Int32(third >> 8), Int32(fourth & 0xFF), Int32(fourth >> 8))
                let winner = Self.winner(
                    eight, Int(z.index[lane]), Int(y.index[lane]), Int(x.index[lane]), z.fraction[lane],
                    y.fraction[lane], x.fraction[lane])
                labels[lane] = UInt8(max(0, winner))
            }
        }
    }

    @inline(__always)
    private func gathered(_ corners: SIMD8<Int32>, _ offset: Int) -> SIMD8<Float> {
        let base = voxels + offset
        return SIMD8<Float>(
            base[Int(corners[0])], base[Int(corners[1])], base[Int(corners[2])], base[Int(corners[3])],
            base[Int(corners[4])], base[Int(corners[5])], base[Int(corners[6])], base[Int(corners[7])])
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
