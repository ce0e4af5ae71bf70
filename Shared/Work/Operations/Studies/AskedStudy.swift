import Anatomy
import Faults
import Foundation
import JobEngine
package import Messaging
package import Studies

/// A message that asks for a study, decoded again before it is sent, so that what ingestion would refuse is refused
/// here.
package struct AskedStudy: Sendable {
    package let sender: IntakeSender
    package let message: OutgoingMessage
    /// Of what it asks for; a message of the same sender and id that asks for something else is another's.
    package let digest: String
    /// A ground truth that is numbered otherwise than by Columna: its file, its numbering, and what it is of.
    let label: (file: URL, numbering: Numbering, name: String)?
    let model: ModelReference?
    /// A case of a data set is not segmented.
    let needsModel: Bool

    /// - Throws: `OperationError` (`usage`) in the words of the contract.
    package init(_ asked: some StudyIntakeEvent) throws {
        sender = asked.sender
        message = try Self.checked(try asked.message())
        digest = try asked.contentDigest
        label = (asked as? StudySubmission).flatMap(Self.label)
        model = asked.order.model
        needsModel = asked.order.pipeline == .segment
    }

    private static func label(of submission: StudySubmission) -> (file: URL, numbering: Numbering, name: String)? {
        guard let path = submission.labelPath, let numbering = submission.numbering.flatMap(Numbering.init(rawValue:))
        else { return nil }
        return (URL(filePath: path), numbering, submission.order.caseName.map { "case \($0)" } ?? "this study")
    }

    static func checked(_ message: OutgoingMessage) throws -> OutgoingMessage {
        do {
            _ = try IntakeDecoder.decode(body: message.body, routingKey: message.routingKey, message.properties)
        } catch {
            throw OperationError(.usage, "this message would be refused: \(error)")
        }
        return message
    }
}
