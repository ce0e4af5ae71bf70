import ArgumentParser
import Foundation

/// What a person typed where an id belongs.
enum Identifier {
    @Sendable static func uuid(_ text: String) throws -> UUID {
        guard let uuid = UUID(uuidString: text) else {
            throw ValidationError("'\(text)' is not an id, expected 36 characters as in `columna jobs list`")
        }
        return uuid
    }
}
