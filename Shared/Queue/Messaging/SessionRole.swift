/// Only jobs: commands that the broker answers at once.
struct SessionRole: ConnectionRole {
    mutating func advance(_ connection: AMQPConnection) {}
    mutating func handle(_ event: AMQPEvent) {}
    var deadline: ContinuousClock.Instant? { nil }
    mutating func checkDeadline(now: ContinuousClock.Instant) {}
    mutating func leave(_ connection: AMQPConnection) {}
    mutating func end(_ error: MessagingError?) {}
}
