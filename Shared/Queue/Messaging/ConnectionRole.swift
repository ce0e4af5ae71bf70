/// What a connection is for: publishing, consuming, or looking after queues. Lives on the connection's thread, so it
/// needs no lock.
protocol ConnectionRole: SendableMetatype {
    /// Writes what is waiting to be written. Called after every job and every event.
    mutating func advance(_ connection: AMQPConnection) throws(MessagingError)

    mutating func handle(_ event: AMQPEvent) throws(MessagingError)

    /// When ``checkDeadline(now:)`` is due, or nil.
    var deadline: ContinuousClock.Instant? { get }

    mutating func checkDeadline(now: ContinuousClock.Instant) throws(MessagingError)

    /// Takes leave of the broker in an orderly way, before the connection is closed.
    mutating func leave(_ connection: AMQPConnection) throws(MessagingError)

    /// The connection is gone; nil when ``leave(_:)`` came before. Called once, last.
    mutating func end(_ error: MessagingError?)
}
