/// How long an answer is offered to a queue that refuses it.
package struct ReplyPatience: Sendable, Equatable {
    /// Before the second try; doubles with each refusal, up to the longest.
    package var firstDelayInSeconds: Double
    package var longestDelayInSeconds: Double
    /// After so long since the first refusal it is parked: a weekend, and a ward's reader that nobody missed before
    /// Monday.
    package var limitInSeconds: Double

    package init(
        firstDelayInSeconds: Double = 2, longestDelayInSeconds: Double = 300, limitInSeconds: Double = 72 * 3600
    ) {
        self.firstDelayInSeconds = firstDelayInSeconds
        self.longestDelayInSeconds = longestDelayInSeconds
        self.limitInSeconds = limitInSeconds
    }

    /// While a relay publishes, others leave the replies alone for so long; what a relay that died took is tried again
    /// after it.
    package static let claimInSeconds = 90.0
}
