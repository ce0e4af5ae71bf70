import Messaging
import Studies

/// A message decoded again before it is sent, so that what ingestion would refuse is a usage error here.
enum IntakeCheck {
    @discardableResult
    static func check(_ message: OutgoingMessage) throws -> IntakeMessage {
        do {
            return try IntakeDecoder.decode(body: message.body, routingKey: message.routingKey, message.properties)
        } catch {
            throw CommandFailure(.usage, "this message would be refused: \(error)")
        }
    }
}
