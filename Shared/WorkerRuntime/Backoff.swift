/// Waits between attempts to reach a server: exponential with full jitter, so that replicas do not return all at once.
struct Backoff: Sendable {
    private let base: Duration
    private let cap: Duration
    private var attempt = 0

    init(base: Duration = .milliseconds(100), cap: Duration = .seconds(10)) {
        self.base = base
        self.cap = cap
    }

    mutating func next() -> Duration {
        let ceiling = min(cap, base * (1 << min(attempt, 16)))
        attempt += 1
        return ceiling * Double.random(in: 0.1...1)
    }

    mutating func reset() { attempt = 0 }
}
