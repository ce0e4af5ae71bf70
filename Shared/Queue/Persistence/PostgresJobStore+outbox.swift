import Foundation
package import JobEngine
import Synchronization

extension PostgresJobStore {
    package func drainOutbox(
        _ lane: OutboxLane, limit: Int, publish: @Sendable ([OutboxMessage]) async throws -> [Int64]
    ) async throws -> Int {
        switch lane {
        case .wakeUps, .events: try await drainMessages(lane, limit: limit, publish: publish)
        case .replies: try await drainReplies(limit: limit, publish: publish)
        }
    }

    private func drainMessages(_ lane: OutboxLane, limit: Int, publish: ([OutboxMessage]) async throws -> [Int64])
        async throws -> Int
    {
        let start = outboxMarks.withLock { $0[lane, default: OutboxMark()].start() }
        let queries = [
            SessionStatements.commitWithoutWaiting(),
            UpkeepStatements.lockOldestMessages(.integer(limit), .integer(start), .boolean(lane == .wakeUps)),
        ]
        return try await pool.transaction(first: queries) { transaction, rows in
            let messages = try rows[1].map { try $0.outboxMessage() }
            guard !messages.isEmpty else { return 0 }
            let confirmed = try await publish(messages)
            let deleted = try await transaction.run(
                UpkeepStatements.deleteMessages(.integers(confirmed.map { Optional($0) })))
            if confirmed.count == messages.count, let last = messages.last {
                outboxMarks.withLock { $0[lane]?.advance(to: last.id) }
            }
            return deleted.affectedCount
        }
    }

    /// No transaction is open while the broker decides: a queue that answers late must not hold a connection to the
    /// database.
    private func drainReplies(limit: Int, publish: ([OutboxMessage]) async throws -> [Int64]) async throws -> Int {
        let replies = try await pool.run(
            ReplyStatements.claimDueReplies(.integer(limit), .double(ReplyPatience.claimInSeconds))
        )
        .map { try $0.outboxMessage() }.sorted { $0.id < $1.id }
        guard !replies.isEmpty else { return 0 }
        let settled: Set<Int64>
        do {
            settled = Set(try await publish(replies))
        } catch {
            // If this fails too, their claim runs out.
            _ = try? await pool.run(ReplyStatements.giveBackReplies(.integers(replies.map { Optional($0.id) })))
            throw error
        }
        let refused = replies.map(\.id).filter { !settled.contains($0) }
        var queries = [ReplyStatements.deleteReplies(.integers(settled.map { Optional($0) }))]
        if !refused.isEmpty {
            queries.append(
                ReplyStatements.putOffRefusedReplies(
                    .integers(refused.map { Optional($0) }), .double(patience.firstDelayInSeconds),
                    .double(patience.longestDelayInSeconds),
                    .double(patience.limitInSeconds)))
        }
        _ = try await pool.run(queries)
        return replies.count
    }

    package func refusedReplies(tenant: Tenant?, limit: Int) async throws -> [RefusedReply] {
        try await pool.run(ReplyStatements.refusedReplies(.text(tenant), .integer(limit))).map {
            RefusedReply(
                id: Int64(try $0.integer("id")), tenant: try $0.value("tenant"), queue: try $0.string("queue"),
                type: try $0.string("type"),
                subject: try $0.string("subject"), tries: try $0.integer("tries"),
                refusedSince: try $0.date("refused_since"),
                nextTryAt: try $0.optionalDate("next_try_at"))
        }
    }

    package func parkedReplies(tenant: Tenant?) async throws -> Int {
        try await pool.run(ReplyStatements.parkedReplies(.text(tenant)))[0].integer("count")
    }

    package func retryReplies(queue: String?, actor: String) async throws -> Int {
        try await pool.run([
            ReplyStatements.retryReplies(.text(queue)),
            OperatorStatements.audit(.text(actor), .text("retry-replies"), .uuid(nil), .text(queue)),
        ])[0].affectedCount
    }
}

extension PostgresRow {
    fileprivate func outboxMessage() throws -> OutboxMessage {
        let event = JobEvent(
            exchange: try string("exchange"), routingKey: try string("routing_key"),
            correlationID: try optionalString("correlation_id"),
            tenant: try optionalValue("tenant"), type: try string("type"), subject: try string("subject"),
            data: try string("data"))
        return try event.message(
            id: Int64(try integer("id")), messageID: try uuid("message_id"), time: try date("occurred_at"))
    }
}
