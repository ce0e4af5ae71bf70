package import Foundation

/// Identity of a job; a random UUID, printed in lower case.
package struct JobID: Hashable, Sendable, Codable, CustomStringConvertible {
    package let uuid: UUID

    package init(_ uuid: UUID = UUID()) { self.uuid = uuid }

    package init?(_ text: String) {
        guard let uuid = UUID(uuidString: text) else { return nil }
        self.uuid = uuid
    }

    package init(from decoder: any Decoder) throws { uuid = try UUID(from: decoder) }
    package func encode(to encoder: any Encoder) throws { try description.encode(to: encoder) }
    package var description: String { uuid.uuidString.lowercased() }
}
