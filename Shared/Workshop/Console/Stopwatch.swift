import Documents
import Foundation

/// Time since it was made.
package struct Stopwatch: Sendable {
    private let start = ContinuousClock.now

    package init() {}

    package var seconds: Double {
        let elapsed = (ContinuousClock.now - start).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
    }

    /// Whole seconds, so that a line on a terminal changes once a second.
    package var text: String {
        Wording.duration(seconds < 10 ? seconds.rounded(.down) : seconds).replacing(".0 s", with: " s")
    }
}
