/// Publishes batches with at most ``window`` messages unanswered, and answers each batch when all of it is.
struct PublishingRole: ConnectionRole {
    /// Enough to keep the broker's disk busy, few enough that a return is found quickly.
    static let window = 1024

    struct Batch {
        var messages: [OutgoingMessage]
        var results: [PublishResult?]
        var openCount: Int
        let deadline: ContinuousClock.Instant
        let answer: @Sendable (Result<[PublishResult], MessagingError>) -> Void
    }

    private var ledger = ConfirmLedger()
    private var batches: [Int: Batch] = [:]
    private var nextBatch = 0
    /// The batch being published, and its first message that is not.
    private var cursor = (batch: 0, index: 0)
    private var blockedReason: String?

    init(_ connection: AMQPConnection) throws(MessagingError) { try connection.selectConfirms() }

    mutating func add(
        _ messages: [OutgoingMessage], deadline: ContinuousClock.Instant,
        answer: @escaping @Sendable (Result<[PublishResult], MessagingError>) -> Void
    ) {
        batches[nextBatch] = Batch(
            messages: messages, results: Array(repeating: nil, count: messages.count), openCount: messages.count,
            deadline: deadline, answer: answer)
        nextBatch += 1
    }

    mutating func advance(_ connection: AMQPConnection) throws(MessagingError) {
        // While an alarm lasts, a full socket would block this thread and with it the heartbeat.
        guard blockedReason == nil else { return }
        while ledger.outstandingCount < Self.window, cursor.batch < nextBatch {
            guard let batch = batches[cursor.batch], cursor.index < batch.messages.count else {
                cursor = (cursor.batch + 1, 0)
                continue
            }
            let message = batch.messages[cursor.index]
            ledger.add(
                ConfirmLedger.Entry(
                    batch: cursor.batch, index: cursor.index, exchange: message.exchange,
                    routingKey: message.routingKey,
                    messageID: message.properties.messageID))
            cursor.index += 1
            try connection.publish(message)
        }
    }

    mutating func handle(_ event: AMQPEvent) throws(MessagingError) {
        switch event {
        case .acknowledged(let tag, let multiple): settle(ledger.settle(tag, multiple: multiple, rejected: false))
        case .refused(let tag, let multiple): settle(ledger.settle(tag, multiple: multiple, rejected: true))
        case .returned(let exchange, let routingKey, let messageID, let reason):
            ledger.markReturned(exchange: exchange, routingKey: routingKey, messageID: messageID, reason: reason)
        case .blocked(let reason): blockedReason = reason
        case .unblocked: blockedReason = nil
        case .delivered, .consumerCancelled: break
        }
    }

    private mutating func settle(_ settled: [ConfirmLedger.Settled]) {
        for item in settled {
            batches[item.batch]?.results[item.index] = item.result
            batches[item.batch]?.openCount -= 1
            if batches[item.batch]?.openCount == 0, let batch = batches.removeValue(forKey: item.batch) {
                batch.answer(.success(batch.results.compactMap(\.self)))
            }
        }
    }

    var deadline: ContinuousClock.Instant? { batches.values.lazy.map(\.deadline).min() }

    mutating func checkDeadline(now: ContinuousClock.Instant) throws(MessagingError) {
        let overdue = batches.filter { $0.value.deadline <= now }
        guard !overdue.isEmpty else { return }
        for (number, batch) in overdue where batch.openCount < batch.messages.count {
            batches[number] = nil
            batch.answer(.success(batch.results.map { $0 ?? .unanswered }))
        }
        let late = overdue.values.reduce(0) { $0 + $1.openCount }
        let reason = blockedReason.map { "it blocks publishers (\($0))" } ?? "it may be overloaded"
        throw MessagingError(
            blockedReason == nil ? .confirmTimeout : .blocked,
            "the broker has not confirmed \(late) messages in time: \(reason); publish them again later")
    }

    mutating func leave(_ connection: AMQPConnection) throws(MessagingError) {
        // Whoever closes has awaited what matters; anything else is answered by end(_:).
    }

    mutating func end(_ error: MessagingError?) {
        let reason =
            error ?? MessagingError(.closed, "the publisher was closed before the broker answered: publish again")
        let open = batches.values
        batches = [:]
        open.forEach { $0.answer(.failure(reason)) }
    }
}
