import Documents
package import Foundation

/// The envelope of everything we publish: CloudEvents 1.0, JSON, structured mode.
package enum CloudEvent {
    private struct Attributes: Encodable {
        var specversion = "1.0"
        var source = "columna"
        var datacontenttype = "application/json"
        var id: String
        var type: String
        var subject: String
        var time: String
    }

    /// - Parameters:
    ///   - type: as the outbox has it, such as `columna.job.inference.dead`; published as
    ///     `dev.columna.job.inference.dead.v1`. The number is the major version of the contract
    ///     (`Contract/asyncapi.yaml`).
    ///   - data: a JSON object, put in as it is.
    package static func body(id: String, type: String, subject: String, time: Date, data: String) throws -> String {
        let attributes = try CanonicalJSON.string(
            Attributes(id: id, type: "dev.\(type).v1", subject: subject, time: time.formatted(style)))
        return "{\"data\":\(data)," + attributes.dropFirst()
    }

    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
}
