import ArgumentParser
import Console
import Foundation
import JobEngine

/// The id of anything but a job, which may be of two kinds where it is typed.
enum Identifier {
    @Sendable static func uuid(_ text: String) throws -> UUID {
        guard let uuid = UUID(uuidString: text) else { throw ValidationError("expected \(JobID.expectation)") }
        return uuid
    }
}
