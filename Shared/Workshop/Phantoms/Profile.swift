/// A piecewise linear function, constant beyond its ends.
struct Profile: Sendable {
    let knots: [(at: Float, value: Float)]

    init(_ knots: KeyValuePairs<Float, Float>) {
        self.knots = knots.map { (at: $0.key, value: $0.value) }
    }

    func callAsFunction(_ at: Float) -> Float {
        guard let first = knots.first, at > first.at else { return knots.first?.value ?? 0 }
        for (left, right) in zip(knots, knots.dropFirst()) where at <= right.at {
            return mix(left.value, right.value, (at - left.at) / (right.at - left.at))
        }
        return knots[knots.count - 1].value
    }
}
