import Documents

/// A kind of job, declared in one place: what the queue must know of it, and the parameters that its jobs take, which
/// are the values of the type.
///
/// ```
/// struct TranscribeReport: JobDefinition {
///     static let kind = JobKind("transcribe-report", of: .evaluation, limits: .hours(running: 2))
///     var report: String
/// }
/// ```
///
/// `JobRequest(TranscribeReport(report: …), tenant: …)` asks for one, and a handler of the kind gets the value back. In
/// between it is stored as canonical JSON.
package protocol JobDefinition: Codable, Sendable, Equatable {
    static var kind: JobKind { get }
}

extension JobDefinition {
    /// The parameters of a job.
    ///
    /// - Throws: `JobFailure` of class `data`, `parameters-malformed`, which names the field and no value.
    package init(of job: JobRecord) throws(JobFailure) {
        do {
            self = try CanonicalJSON.decode(Self.self, from: job.parameters)
        } catch {
            throw JobFailure(
                class: .data, code: "parameters-malformed",
                reason:
                    "the parameters of \(Self.kind.rawValue) \(Self.objection(error)): submit the job anew with this version"
            )
        }
    }

    /// What is wrong, after the name of the kind.
    private static func objection(_ error: any Error) -> String {
        func field(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
            (context.codingPath + [key].compactMap { $0 }).map(\.stringValue).joined(separator: ".")
        }
        // Without a path it is said of the whole.
        return switch error as? DecodingError {
        case .keyNotFound(let key, let context): "have no field '\(field(context, key))', which is required"
        case .valueNotFound(let type, let context) where !context.codingPath.isEmpty,
            .typeMismatch(let type, let context) where !context.codingPath.isEmpty:
            "have a field '\(field(context))' that is no \(type)"
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            "have a field '\(field(context))' with a value that this version does not know"
        default: "are not a JSON object"
        }
    }
}
