import Foundation

/// Time since it was made.
struct Stopwatch: Sendable {
    private let start = ContinuousClock.now

    var seconds: Double {
        let elapsed = (ContinuousClock.now - start).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
    }

    /// Whole seconds, so that a line on a terminal changes once a second.
    var text: String { Wording.duration(seconds < 10 ? seconds.rounded(.down) : seconds).replacing(".0 s", with: " s") }
}
