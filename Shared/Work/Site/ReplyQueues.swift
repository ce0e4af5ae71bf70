package import JobEngine

/// Which queues a tenant's messages may name for their answers.
///
/// ```yaml
/// tenants:
///   radiology:
///     reply-queues: [radiology.results, 'ris.radiology.*']
/// ```
package enum ReplyQueues: Sendable, Equatable {
    /// Every queue, but for those of the system itself, which no message may name.
    case any
    /// Names, or beginnings of names with `*` behind them.
    case named([String])

    /// A tenant of which the file says nothing has the queues that begin with its name and a full stop.
    package static func ofTenant(_ tenant: Tenant) -> ReplyQueues { .named(["\(tenant).*"]) }

    package func allows(_ queue: String) -> Bool {
        // RabbitMQ's direct reply-to: the broker has made the name up and ties it to the connection that asks.
        if queue.hasPrefix("amq.rabbitmq.reply-to.") { return true }
        return switch self {
        case .any: true
        case .named(let patterns):
            patterns.contains { $0.hasSuffix("*") ? queue.hasPrefix($0.dropLast()) : queue == $0 }
        }
    }
}
