/// How long to wait before connecting again: full jitter, a random time between zero and a bound that doubles, so that
/// a hundred workers do not come back in the same instant.
package struct ReconnectBackoff: Sendable {
    private let base: Duration
    private let limit: Duration
    private var attempt = 0

    package init(base: Duration = .milliseconds(200), limit: Duration = .seconds(20)) {
        self.base = base
        self.limit = limit
    }

    package mutating func next() -> Duration {
        var generator = SystemRandomNumberGenerator()
        return next(using: &generator)
    }

    package mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let bound = min(limit, base * (1 << min(attempt, 20)))
        attempt += 1
        return bound * Double.random(in: 0...1, using: &generator)
    }

    /// Call when a connection worked.
    package mutating func reset() { attempt = 0 }
}
