import Anatomy
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
    let model: String?
    /// A case of a data set is not segmented.
    let needsModel: Bool

    /// - Throws: `OperationError` (`usage`) in the words of the contract.
    package init(_ submission: StudySubmission) throws {
        sender = submission.sender
        message = try Self.checked(try submission.message())
        digest = try submission.contentDigest
        label = submission.labelPath.flatMap { path in
            submission.numbering.flatMap(Numbering.init(rawValue:)).map {
                (URL(filePath: path), $0, submission.order.caseName.map { "case \($0)" } ?? "this study")
            }
        }
        model = submission.order.model
        needsModel = submission.order.pipeline == .segment
    }

    /// A study in an archive, to be fetched.
    ///
    /// - Throws: `OperationError` (`usage`) in the words of the contract.
    package init(_ request: StudyRequest) throws {
        sender = request.sender
        message = try Self.checked(try request.message())
        digest = try request.contentDigest
        label = nil
        model = request.order.model
        needsModel = true
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
