/// Hands deliveries to a stream.
struct ConsumingRole: ConnectionRole {
    typealias Continuation = AsyncThrowingStream<Delivery, any Error>.Continuation

    private let tags: [String]
    private let continuation: Continuation

    init(_ connection: AMQPConnection, _ source: Consumer.Source, prefetch: Int, _ continuation: Continuation)
        throws(MessagingError)
    {
        self.continuation = continuation
        var queues: [String] = []
        switch source {
        case .queues(let names): queues = names
        case .exclusiveQueue(let exchange, let routingKeys):
            let queue = try connection.declareExclusiveQueue()
            for routingKey in routingKeys { try connection.bind(queue, to: exchange, routingKey: routingKey) }
            queues = [queue]
        }
        var tags: [String] = []
        for queue in queues { tags.append(try connection.consume(queue, prefetch: UInt16(clamping: prefetch))) }
        self.tags = tags
    }

    mutating func advance(_ connection: AMQPConnection) {}

    mutating func handle(_ event: AMQPEvent) throws(MessagingError) {
        switch event {
        case .delivered(let delivery): continuation.yield(delivery)
        case .consumerCancelled:
            throw MessagingError(
                .consumerCancelled, "the broker ended a consumer, its queue was deleted or moved: connect again")
        case .acknowledged, .refused, .returned, .blocked, .unblocked: break
        }
    }

    var deadline: ContinuousClock.Instant? { nil }

    mutating func checkDeadline(now: ContinuousClock.Instant) {}

    mutating func leave(_ connection: AMQPConnection) throws(MessagingError) {
        for tag in tags { try connection.cancelConsumer(tag) }
    }

    mutating func end(_ error: MessagingError?) { continuation.finish(throwing: error) }
}
