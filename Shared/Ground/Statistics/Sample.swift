/// Finite numbers in ascending order, and their moments.
///
/// Sums run from the smallest to the largest with the lost digits carried along (Neumaier 1974), so that the same
/// numbers give the same bits in whatever order they came.
package struct Sample {
    let values: [Double]
    let mean: Double
    /// With n − 1; nil for fewer than two values; 0 if and only if all are equal.
    let variance: Double?

    /// Numbers that are not finite are left out. Nil if none is left.
    package init?(_ numbers: some Sequence<Double>) {
        values = numbers.filter(\.isFinite).sorted()
        guard let first = values.first, let last = values.last else { return nil }
        // The mean of equal numbers is that number, which n · x / n need not be.
        let mean = first == last ? first : min(last, max(first, Self.sum(values) / Double(values.count)))
        self.mean = mean
        if values.count < 2 {
            variance = nil
        } else if first == last {
            variance = 0
        } else {
            let deviations = values.map { $0 - mean }
            let drift = Self.sum(deviations)
            let squares = Self.sum(deviations.map { $0 * $0 })
            variance = max(
                .leastNonzeroMagnitude, (squares - drift * drift / Double(values.count)) / Double(values.count - 1))
        }
    }

    var count: Int { values.count }
    var standardDeviation: Double? { variance?.squareRoot() }
    var largestMagnitude: Double { max(abs(values[0]), abs(values[count - 1])) }

    /// The value below which the share `q` of the sample lies, linear between neighbours (numpy's default).
    package func quantile(_ q: Double) -> Double {
        let position = q * Double(count - 1)
        let below = Int(position)
        guard below + 1 < count else { return values[count - 1] }
        let (low, high) = (values[below], values[below + 1])
        return low + (high - low) * (position - Double(below))
    }

    static func sum(_ numbers: [Double]) -> Double {
        var (sum, lost) = (0.0, 0.0)
        for number in numbers {
            let next = sum + number
            lost += abs(sum) >= abs(number) ? (sum - next) + number : (number - next) + sum
            sum = next
        }
        return sum + lost
    }
}
