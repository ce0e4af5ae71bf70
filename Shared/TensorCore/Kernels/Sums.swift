// Sums in Double over float32 memory, eight lanes side by side; the order is fixed by the count alone.

typealias DoubleVector = SIMD8<Double>

extension Vector {
    @inline(__always) var widened: DoubleVector { DoubleVector(self) }
}

/// Σ x.
@inline(__always)
func sumInDouble(_ values: UnsafePointer<Float>, count: Int) -> Double {
    var lanes = DoubleVector()
    var index = 0
    while index + 8 <= count {
        lanes += Vector(at: values + index).widened
        index += 8
    }
    var sum = lanes.sum()
    for rest in index..<count { sum += Double(values[rest]) }
    return sum
}

/// Σ x and Σ x².
@inline(__always)
func momentsInDouble(_ values: UnsafePointer<Float>, count: Int) -> (sum: Double, squares: Double) {
    var sums = DoubleVector()
    var squares = DoubleVector()
    var index = 0
    while index + 8 <= count {
        let x = Vector(at: values + index).widened
        sums += x
        squares.addProduct(x, x)
        index += 8
    }
    var (sum, square) = (sums.sum(), squares.sum())
    for rest in index..<count {
        let x = Double(values[rest])
        sum += x
        square += x * x
    }
    return (sum, square)
}
