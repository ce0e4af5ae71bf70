import Threads
import Volumes

/// Squared Euclidean distances to the nearest site, exact, one axis after the other (Felzenszwalb and Huttenlocher
/// 2012, with steps of any length); along the last axis only at the places asked for.
///
///     i: steps to the nearest site of the row        j, k: the lower envelope of the parabolas that stand on the values so far
struct DistanceTransform: Sendable {
    let map: SiteMap
    let sites: Side
    let stepsSquared: SIMD3<Double>

    /// Columns along k that are gathered together: what one cache line holds.
    private static let tile = 16

    func run(at queries: Side, in field: SharedPointer<Float>, pool: ComputePool) {
        let size = map.size
        pool.forEach(count: size.z) { k in
            let plane = field.base + size.x * size.y * k
            if sweepRows(slice: k, plane) { transformColumns(plane) }
        }
        pool.forEach(count: size.y) { j in
            transformDepths(row: j, at: queries, field.base)
        }
    }

    /// Returns whether the slice has a site. The field is memory that nobody has initialised, hence no span.
    private func sweepRows(slice k: Int, _ plane: UnsafeMutablePointer<Float>) -> Bool {
        let (width, step) = (map.size.x, Float(stepsSquared.x))
        var hasSite = false
        for j in 0..<map.size.y {
            let (row, first) = (plane + width * j, width * (j + map.size.y * k))
            let marks = map.sites.span.extracting(first..<first + width)
            var steps = Float.infinity
            for i in 0..<width {
                steps = marks[i] & sites.rawValue != 0 ? 0 : steps + 1
                row[i] = steps
            }
            guard steps < .infinity else { continue }
            hasSite = true
            steps = .infinity
            for i in (0..<width).reversed() {
                steps = row[i] == 0 ? 0 : steps + 1
                let nearer = min(row[i], steps)
                row[i] = nearer * nearer * step
            }
        }
        return hasSite
    }

    private func transformColumns(_ plane: UnsafeMutablePointer<Float>) {
        let (width, height) = (map.size.x, map.size.y)
        LowerEnvelope.with(capacity: height, stepSquared: stepsSquared.y) { envelope in
            for i in 0..<width {
                for j in 0..<height { envelope.values[j] = Double(plane[i + width * j]) }
                guard envelope.build(height) else { continue }
                for j in 0..<height { plane[i + width * j] = Float(envelope.value(at: j)) }
            }
        }
    }

    private func transformDepths(row j: Int, at queries: Side, _ field: UnsafeMutablePointer<Float>) {
        let (size, tile) = (map.size, Self.tile)
        let (row, area) = (size.x * j, size.x * size.y)
        LowerEnvelope.with(capacity: size.z, stepSquared: stepsSquared.z) { envelope in
            let sites = map.sites.span
            withUnsafeTemporaryAllocation(of: Float.self, capacity: size.z * tile) { columns in
                for first in stride(from: 0, to: size.x, by: tile) {
                    let width = min(tile, size.x - first)
                    var asked: UInt32 = 0
                    for k in 0..<size.z {
                        let place = first + row + area * k
                        for i in 0..<width where sites[place + i] & queries.rawValue != 0 {
                            asked |= 1 << UInt32(i)
                        }
                    }
                    guard asked != 0 else { continue }
                    for k in 0..<size.z {
                        for i in 0..<width { columns[i + tile * k] = field[first + row + area * k + i] }
                    }
                    for i in 0..<width where asked >> UInt32(i) & 1 == 1 {
                        for k in 0..<size.z { envelope.values[k] = Double(columns[i + tile * k]) }
                        guard envelope.build(size.z) else { continue }
                        for k in 0..<size.z {
                            let place = first + row + area * k + i
                            if sites[place] & queries.rawValue != 0 { field[place] = Float(envelope.value(at: k)) }
                        }
                    }
                }
            }
        }
    }
}
