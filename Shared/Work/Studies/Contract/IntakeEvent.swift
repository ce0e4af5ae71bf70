import Cryptography
import Documents
import Foundation
import JobEngine
import Messaging

/// A message to the intake as a CloudEvent.
struct IntakeEvent<Content: Encodable> {
    var verb: IntakeVerb
    var sender: IntakeSender
    var time: Date
    var data: Content

    private struct Envelope: Encodable {
        var specversion = "1.0"
        var type: String
        var datacontenttype = "application/json"
        var id: String
        var source: String
        var time: String
        var data: Content
    }

    static func digest(of data: Content, _ verb: IntakeVerb) throws -> String {
        Hexadecimal.text(try SHA256.digest(of: Array("\(verb.rawValue) \(try CanonicalJSON.string(data))".utf8)))
    }

    func message(_ exchange: String) throws -> OutgoingMessage {
        let event = Envelope(
            type: verb.eventType, id: sender.messageID, source: sender.source, time: time.formatted(.iso8601),
            data: data)
        return OutgoingMessage(
            exchange: exchange, routingKey: verb.routingKey(sender.tenant),
            properties: MessageProperties(
                contentType: "application/cloudevents+json", messageID: sender.messageID,
                correlationID: sender.correlationID,
                replyTo: sender.replyTo),
            body: Array(try CanonicalJSON.string(event).utf8))
    }
}
