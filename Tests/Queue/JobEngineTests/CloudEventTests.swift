import Foundation
import JobEngine
import Testing

struct CloudEventTests {
    @Test func theEnvelopeIsCloudEventsOneInStructuredMode() throws {
        let body = try CloudEvent.body(
            id: "i", type: "columna.job.evaluation.queued", subject: "s",
            time: Date(timeIntervalSince1970: 1_750_000_000.5),
            data: #"{"job":"j"}"#)
        #expect(
            body
                == #"{"data":{"job":"j"},"datacontenttype":"application/json","id":"i","source":"columna","specversion":"1.0","subject":"s","time":"2025-06-15T15:06:40.500Z","type":"dev.columna.job.evaluation.queued.v1"}"#
        )
    }

    @Test func aMessageKeepsItsIdentityInItsBody() throws {
        let id = UUID()
        let event = JobEvent(exchange: "x", routingKey: "k", type: "t", subject: "s", data: "{}")
        let message = try event.message(id: 7, messageID: id, time: Date())
        #expect(message.id == 7)
        #expect(message.messageID == id.uuidString.lowercased())
        #expect(message.body.contains(message.messageID))
    }
}
