package import FoundationEssentials
package import JobEngine

/// How far this host's clock is ahead of the store's.
package struct ClockSkew: Sendable, Equatable, CustomStringConvertible {
    /// Negative: behind.
    package var seconds: Double
    /// Half of the round trip: the store read its clock some time within it.
    package var uncertaintyInSeconds: Double

    /// A worker whose clock surely differs by more is out of order: it says so, and leaves sweeping to others for as
    /// long as they do it (`Sweeper`).
    package static let limitInSeconds = 1.0

    package init(seconds: Double, uncertaintyInSeconds: Double) {
        self.seconds = seconds
        self.uncertaintyInSeconds = uncertaintyInSeconds
    }

    /// - Parameter wallClock: this host's; injected so that tests own it.
    package static func measure(_ store: any JobStore, wallClock: @Sendable () -> Date = { Date() }) async throws
        -> ClockSkew
    {
        let (date, begin) = (wallClock(), ContinuousClock.now)
        let stores = try await store.now()
        let half = (ContinuousClock.now - begin) / .seconds(2)
        return ClockSkew(seconds: date.timeIntervalSince(stores) + half, uncertaintyInSeconds: half)
    }

    package var isTooLarge: Bool { abs(seconds) - uncertaintyInSeconds > Self.limitInSeconds }

    package var description: String {
        let text = ((abs(seconds) * 1000).rounded() / 1000).description
        return "\(text) s \(seconds < 0 ? "behind" : "ahead")"
    }
}
