import Documents
package import Foundation
package import JobEngine

/// What an operator tells all workers (`Contract/schemas/control.v1.schema.json`). The decision itself stands in the
/// database; the message makes the workers look at once instead of at their next renewal.
package struct ControlMessage: Sendable, Equatable {
    package enum Action: String, Sendable, Codable, CaseIterable { case cancel, pause, resume, finish }

    package enum Target: Sendable, Equatable {
        case job(JobID)
        case stage(Stage)
    }

    package var action: Action
    package var target: Target

    package init(_ action: Action, _ target: Target) {
        self.action = action
        self.target = target
    }

    private struct Event: Encodable {
        var specversion = "1.0"
        var type = "dev.columna.control.v1"
        var source = "columna"
        var datacontenttype = "application/json"
        var id: String
        var time: String
        var data: Content
    }

    private struct Content: Encodable {
        var action: Action
        var job: String?
        var stage: Stage?
    }

    /// The message to publish. Without workers the broker returns it: there is nobody to tell.
    package func message(id: UUID = UUID(), time: Date = Date(), exchange: String = Topology.standard.controlExchange)
        throws -> OutgoingMessage
    {
        var content = Content(action: action)
        switch target {
        case .job(let job): content.job = job.description
        case .stage(let stage): content.stage = stage
        }
        let id = id.uuidString.lowercased()
        let event = Event(id: id, time: time.formatted(.iso8601), data: content)
        return OutgoingMessage(
            exchange: exchange, routingKey: "",
            properties: MessageProperties(contentType: "application/cloudevents+json", messageID: id),
            body: Array(try CanonicalJSON.string(event).utf8))
    }
}
