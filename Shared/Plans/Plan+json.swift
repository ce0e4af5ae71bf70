package import Foundation

extension Plan {
    /// Deterministic bytes: sorted keys, two-space indentation, no trailing line break.
    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    /// Reads and validates.
    /// - Throws: `PlanError.unreadablePlan` if the bytes aren't a plan of this schema, `.invalidPlan` if its decisions contradict.
    package init(json: Data) throws {
        struct Version: Decodable { let schemaVersion: Int }
        do {
            let version = try JSONDecoder().decode(Version.self, from: json).schemaVersion
            guard version == Plan.currentSchemaVersion else {
                throw PlanError(
                    .unreadablePlan, "plan has schema version \(version), this version of the program reads \(Plan.currentSchemaVersion)")
            }
            self = try JSONDecoder().decode(Plan.self, from: json)
        } catch let error as DecodingError {
            throw PlanError(.unreadablePlan, "plan is not readable: \(Self.reason(error))")
        }
        try validate()
    }

    private static func reason(_ error: DecodingError) -> String {
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context), .dataCorrupted(let context):
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            return path.isEmpty ? context.debugDescription : "\(path): \(context.debugDescription)"
        @unknown default:
            return "unknown reason"
        }
    }
}
