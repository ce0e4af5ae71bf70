/// Where a sender waits for the answers to a message.
package struct AnswerAddress: Sendable, Hashable {
    /// The property `reply_to`.
    package var queue: String
    /// Comes back with each answer.
    package var correlationID: String?

    package init(queue: String, correlationID: String? = nil) {
        self.queue = queue
        self.correlationID = correlationID
    }
}
