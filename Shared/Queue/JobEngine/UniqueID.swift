package import Documents
package import Foundation

/// A UUID that names one sort of thing, and cannot be taken for that of another. People, messages and logs see it in
/// lower case, which is written here alone; as a value of JSON it is what Foundation makes of a UUID.
package protocol UniqueID: Hashable, Sendable, Codable, LosslessStringConvertible {
    var uuid: UUID { get }
    init(_ uuid: UUID)
}

extension UniqueID {
    /// A new one, at random.
    package init() { self.init(UUID()) }

    package init?(_ text: String) {
        guard let uuid = UUID(uuidString: text) else { return nil }
        self.init(uuid)
    }

    package var description: String { uuid.uuidString.lowercased() }

    package init(from decoder: any Decoder) throws { self.init(try UUID(from: decoder)) }
    package func encode(to encoder: any Encoder) throws { try uuid.encode(to: encoder) }
}

extension JSONValue {
    package init(_ id: (some UniqueID)?) { self.init(id?.description) }
}
