import Messaging
import Studies

/// The body of a message at the intake queue.
enum Reader {
    static func read(_ input: UnsafeRawBufferPointer, _ plausible: inout Int) throws {
        _ = try IntakeDecoder.decode(
            body: [UInt8](input), routingKey: "study.submitted.hospital", MessageProperties(messageID: "m"))
    }
}
