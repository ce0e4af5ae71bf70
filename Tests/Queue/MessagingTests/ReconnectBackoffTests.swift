import Messaging
import Testing

@Suite struct ReconnectBackoffTests {
    /// Always answers its largest number, so that the jitter takes the bound.
    private struct Largest: RandomNumberGenerator {
        func next() -> UInt64 { .max }
    }

    @Test func boundDoublesUpToTheLimitAndFallsBackAfterReset() {
        var backoff = ReconnectBackoff(base: .milliseconds(100), limit: .milliseconds(500))
        var generator = Largest()
        let bounds = (0..<5).map { _ in backoff.next(using: &generator) }
        for (bound, expected) in zip(bounds, [100, 200, 400, 500, 500]) {
            #expect(bound <= .milliseconds(expected))
            #expect(bound > .milliseconds(expected) * 0.99)
        }
        backoff.reset()
        #expect(backoff.next(using: &generator) <= .milliseconds(100))
    }

    @Test func jitterSpreadsOverTheWholeRange() {
        let waits = (0..<200).map { _ in
            var backoff = ReconnectBackoff(base: .seconds(1), limit: .seconds(1))
            return backoff.next()
        }
        #expect(waits.min()! < .milliseconds(200))
        #expect(waits.max()! > .milliseconds(800))
    }
}
