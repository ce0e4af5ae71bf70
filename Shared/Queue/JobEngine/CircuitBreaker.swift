import Foundation

/// Holds work back while what it needs is away, and lets single tries through until one succeeds: as a value, without
/// clocks or locks. Times are seconds of whatever clock its keeper reads.
///
/// ```
/// closed ──(`limit` failures in a row)──> open ──(its wait is over)──> one try ──success──> closed
///                                          ^──────────failure, twice the wait──┘
/// ```
package struct CircuitBreaker: Sendable, Equatable {
    package enum Admission: Sendable, Equatable {
        case proceed
        /// One try, to see whether it is back.
        case probe
        case wait(seconds: Double)
    }

    /// Failures in a row that open it.
    package static let limit = 3
    /// Seconds before the first probe; doubles up to the longest.
    package static let firstWait = 30.0
    package static let longestWait = 600.0

    /// In a row.
    package var failures = 0
    /// Nil: closed.
    package var openedAt: Double?
    /// When the next try may be let through.
    package var probeAt = 0.0
    /// What failed last, free of patient data.
    package var reason = ""

    package init() {}

    package var isOpen: Bool { openedAt != nil }

    package mutating func admit(now: Double) -> Admission {
        guard isOpen else { return .proceed }
        guard now >= probeAt else { return .wait(seconds: probeAt - now) }
        // Whoever asks next waits for the answer of this try, but not for ever.
        probeAt = now + wait
        return .probe
    }

    /// The try never came to it: the next who asks may.
    package mutating func giveBackProbe(now: Double) { if isOpen { probeAt = min(probeAt, now) } }

    package mutating func failed(_ reason: String, now: Double) {
        failures += 1
        self.reason = reason
        guard failures >= Self.limit else { return }
        openedAt = openedAt ?? now
        probeAt = now + wait
    }

    /// How long work is held from now on; nil: it is not.
    package func holding(now: Double) -> Double? { isOpen ? max(0, probeAt - now) : nil }

    /// True: it was open.
    @discardableResult
    package mutating func succeeded() -> Bool {
        defer { self = CircuitBreaker() }
        return isOpen
    }

    private var wait: Double { min(Self.longestWait, Self.firstWait * exp2(Double(max(0, failures - Self.limit)))) }
}
