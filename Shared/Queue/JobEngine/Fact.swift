import Foundation

/// Something that a job establishes for whoever keeps books beside the engine: written with the job's end, or while it
/// goes on, under its fencing token. The engine stores it without understanding it.
package struct Fact: Sendable, Equatable {
    /// Names the statements that write it.
    package let kind: String
    /// A JSON object.
    package let json: String

    /// What is not finite goes as PostgreSQL spells it.
    package init(_ kind: String, _ content: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        self.kind = kind
        json = String(decoding: try encoder.encode(content), as: UTF8.self)
    }
}
