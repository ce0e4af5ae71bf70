/// The lowest of the parabolas value[q] + s·(x − q)² at every x, for all finite values. With pointers into memory that
/// comes uninitialised: it is made anew for every row.
struct LowerEnvelope {
    let values: UnsafeMutablePointer<Double>
    /// The parabolas that are lowest somewhere, ascending, and where each begins to be.
    private let lowest: UnsafeMutablePointer<Int>
    private let begins: UnsafeMutablePointer<Double>
    /// 1 / (s · n) at n.
    private let reciprocals: UnsafeMutablePointer<Double>
    private let stepSquared: Double
    private var count = 0
    private var current = 0

    /// Lends an envelope with room for `capacity` values.
    static func with(capacity: Int, stepSquared: Double, _ body: (inout LowerEnvelope) -> Void) {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * capacity) { numbers in
            withUnsafeTemporaryAllocation(of: Int.self, capacity: capacity) { lowest in
                guard let numbers = numbers.baseAddress, let lowest = lowest.baseAddress else { return }
                for n in 0..<capacity { numbers[2 * capacity + n] = 1 / (stepSquared * Double(n)) }
                var envelope = LowerEnvelope(
                    values: numbers, lowest: lowest, begins: numbers + capacity, reciprocals: numbers + 2 * capacity,
                    stepSquared: stepSquared)
                body(&envelope)
            }
        }
    }

    /// From `values[0 ..< size]`; false if none is finite.
    mutating func build(_ size: Int) -> Bool {
        var top = -1
        for q in 0..<size {
            let value = values[q]
            guard value < .infinity else { continue }
            var begin = -Double.infinity
            while top >= 0 {
                let p = lowest[top]
                begin = 0.5 * ((value - values[p]) * reciprocals[q - p] + Double(q + p))
                if begin > begins[top] { break }
                top -= 1
            }
            top += 1
            lowest[top] = q
            begins[top] = top == 0 ? -.infinity : begin
        }
        count = top + 1
        current = 0
        return count > 0
    }

    /// Places must be asked for in ascending order.
    mutating func value(at x: Int) -> Double {
        while current + 1 < count, begins[current + 1] < Double(x) { current += 1 }
        let distance = Double(x - lowest[current])
        return values[lowest[current]] + stepSquared * distance * distance
    }
}
