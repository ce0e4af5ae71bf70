/// What waits in the outbox for the broker, on ways of its own: a queue that takes nothing holds up its own kind only.
package enum OutboxLane: String, Sendable, CaseIterable {
    /// Hints to workers, repeated by the sweeper.
    case wakeUps = "wake-ups"
    /// For whoever has bound a queue.
    case events
    /// Answers to one sender's queue. One that the broker refuses is tried again later, and parked in the end.
    case replies
}
