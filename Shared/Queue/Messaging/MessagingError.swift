package import Faults

/// What went wrong with the broker. Two errors are equal when their codes are.
package struct MessagingError: Fault {
    package enum Code: String, Sendable, CaseIterable {
        case invalidURL = "invalid-url"
        /// Nobody listens there, or the name does not resolve.
        case unreachable
        /// The certificate or the handshake failed.
        case tls
        /// Wrong user or password, or a missing right (AMQP 403), or no such virtual host (AMQP 530).
        case accessRefused = "access-refused"
        /// No such queue or exchange (AMQP 404).
        case notFound = "not-found"
        /// It exists with other arguments (AMQP 406).
        case preconditionFailed = "precondition-failed"
        /// Another connection has it exclusively (AMQP 405).
        case locked
        case connectionLost = "connection-lost"
        /// The broker ended a consumer: its queue was deleted or its node went away.
        case consumerCancelled = "consumer-cancelled"
        /// No answer to a publish in time: the broker is overloaded, or no queue of the messages answers.
        case confirmTimeout = "confirm-timeout"
        /// No answer to a publish in time, since the broker blocks all publishers by an alarm.
        case blocked
        /// This side has closed the connection.
        case closed
        /// Anything else the broker or the library refuses.
        case refused
    }

    package let code: Code
    package let description: String
    /// The AMQP reply code, when the broker gave one.
    package let replyCode: Int?

    package init(_ code: Code, _ description: String, replyCode: Int? = nil) {
        self.code = code
        self.description = description
        self.replyCode = replyCode
    }

    /// An exception of the broker: AMQP 0-9-1, section 1.2.
    init(replyCode: Int, text: String, while action: String) {
        let (code, advice): (Code, String) =
            switch replyCode {
            case 403, 530: (.accessRefused, "check user, password, virtual host and rights")
            case 404: (.notFound, "run columna migrate to declare the topology")
            case 405: (.locked, "another connection holds it")
            case 406: (.preconditionFailed, "it exists with other arguments: delete it, then run columna migrate")
            case 320: (.connectionLost, "reconnect")
            default: (.refused, "see the broker's log")
            }
        self.init(code, "the broker answered \(replyCode) (\(text)) to \(action): \(advice)", replyCode: replyCode)
    }

    package static let origin: String? = "broker"

    package var blame: Blame {
        switch code {
        case .unreachable, .connectionLost, .consumerCancelled, .confirmTimeout, .blocked, .closed: .passing
        case .invalidURL, .tls, .accessRefused, .notFound: .setting
        case .preconditionFailed, .locked, .refused: .defect
        }
    }
}
