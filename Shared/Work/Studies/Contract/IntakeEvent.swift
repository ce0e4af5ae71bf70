import Cryptography
import Documents
package import Foundation
package import JobEngine
package import Messaging

/// What a hospital says at the intake, in version 1 of its message (`Contract/schemas`).
package protocol IntakeEvent: Sendable, Equatable {
    associatedtype EventData: Encodable

    static var verb: IntakeVerb { get }
    var sender: IntakeSender { get }
    /// The event's `data`, as the schema of the verb has it.
    var data: EventData { get }
}

/// One that asks for a study, wherever it lies.
package protocol StudyIntakeEvent: IntakeEvent {
    var order: StudyOrder { get }
    var priority: Priority { get }
    /// The sender's own; nil: the message's id.
    var deduplicationKey: String? { get }
}

extension IntakeEvent {
    /// SHA-256 of what is asked for: the same for every repeat of the event, however it is written.
    package var contentDigest: String {
        get throws {
            let text = "\(Self.verb.rawValue) \(try CanonicalJSON.string(data))"
            return Hexadecimal.text(try SHA256.digest(of: Array(text.utf8)))
        }
    }

    /// The message to publish.
    package func message(time: Date = Date(), exchange: String = Topology.standard.intakeExchange) throws
        -> OutgoingMessage
    {
        let event = IntakeEnvelope(
            type: Self.verb.eventType, id: sender.messageID, source: sender.source, time: time.formatted(.iso8601),
            data: data)
        return OutgoingMessage(
            exchange: exchange, routingKey: Self.verb.routingKey(sender.tenant),
            properties: MessageProperties(
                contentType: "application/cloudevents+json", messageID: sender.messageID,
                correlationID: sender.correlationID, replyTo: sender.replyTo),
            body: Array(try CanonicalJSON.string(event).utf8))
    }
}

/// CloudEvents 1.0, JSON, structured mode.
private struct IntakeEnvelope<Content: Encodable>: Encodable {
    var specversion = "1.0"
    var type: String
    var datacontenttype = "application/json"
    var id: String
    var source: String
    var time: String
    var data: Content
}
