/// Intensities and how often each was drawn: a sample that keeps equal values once, so that a hundred million draws of
/// whole Hounsfield units are some thousand pairs.
package struct IntensityTally: Sendable, Equatable {
    /// Ascending, each once.
    private(set) var values: [Float] = []
    private(set) var counts: [Int] = []

    /// - Parameters:
    ///   - values: in any order, any of them several times.
    ///   - counts: of each.
    init(_ values: [Float], counts: [UInt32]) {
        // One word each, in the order of the values: sorting those is several times faster than sorting pairs.
        var words: [UInt64] = []
        words.reserveCapacity(values.count)
        for (value, count) in zip(values, counts) where count > 0 {
            let bits = value.bitPattern
            let ascending = bits >> 31 == 0 ? bits | 0x8000_0000 : ~bits
            words.append(UInt64(ascending) << 32 | UInt64(count))
        }
        words.sort()
        for word in words {
            let ascending = UInt32(word >> 32)
            let value = Float(bitPattern: ascending >> 31 == 1 ? ascending & 0x7FFF_FFFF : ~ascending)
            add(value, Int(word & 0xFFFF_FFFF))
        }
    }

    /// Of both.
    init(merging one: IntensityTally, _ other: IntensityTally) {
        values.reserveCapacity(one.values.count + other.values.count)
        counts.reserveCapacity(one.values.count + other.values.count)
        var (a, b) = (0, 0)
        while a < one.values.count || b < other.values.count {
            if b == other.values.count || (a < one.values.count && one.values[a] <= other.values[b]) {
                add(one.values[a], one.counts[a])
                a += 1
            } else {
                add(other.values[b], other.counts[b])
                b += 1
            }
        }
    }

    private mutating func add(_ value: Float, _ count: Int) {
        if value == values.last {
            counts[counts.count - 1] += count
        } else {
            values.append(value)
            counts.append(count)
        }
    }

    /// Nil where nothing was drawn.
    var statistics: DataSetFingerprint.Intensities? {
        guard let minimum = values.first, let maximum = values.last else { return nil }
        let total = counts.reduce(0, +)
        func mean(_ term: (Double) -> Double) -> Double {
            zip(values, counts).reduce(0) { $0 + term(Double($1.0)) * Double($1.1) } / Double(total)
        }
        let average = mean { $0 }
        let quantiles = quantiles([0.005, 0.5, 0.995], of: total)
        return DataSetFingerprint.Intensities(
            mean: average, median: quantiles[1],
            standardDeviation: mean { ($0 - average) * ($0 - average) }.squareRoot(),
            minimum: Double(minimum), maximum: Double(maximum), percentile0_5: quantiles[0],
            percentile99_5: quantiles[2])
    }

    /// Linear between neighbours, as NumPy's; `shares` ascending.
    private func quantiles(_ shares: [Double], of total: Int) -> [Double] {
        var (index, before) = (0, 0)
        /// The value at a place of the whole sample in ascending order; places ascend from call to call.
        func value(at place: Int) -> Double {
            while place >= before + counts[index] {
                before += counts[index]
                index += 1
            }
            return Double(values[index])
        }
        return shares.map { share in
            let position = share * Double(total - 1)
            let place = Int(position)
            let low = value(at: place)
            let (heldIndex, heldBefore) = (index, before)
            let high = value(at: min(place + 1, total - 1))
            (index, before) = (heldIndex, heldBefore)
            return low + (high - low) * (position - Double(place))
        }
    }
}
