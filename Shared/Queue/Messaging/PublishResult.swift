/// What the broker did with one published message.
package enum PublishResult: Sendable, Hashable {
    /// Every queue it was routed to has it on disk (quorum queues: on a majority).
    case confirmed
    /// No queue takes it; the broker's reason, for example `NO_ROUTE`. The message is nowhere.
    case returned(reason: String)
    /// A queue refused it, usually because it is full. The message is in none or some of its queues: publish it again
    /// later.
    case rejected
    /// The broker answered for others of the same call and not for this one within the time: a queue of it has lost its
    /// broker. It may arrive yet.
    case unanswered
}
