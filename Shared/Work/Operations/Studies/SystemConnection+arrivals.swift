package import Documents
import Foundation
package import JobEngine
package import Messaging
import Registry
package import Studies

extension SystemConnection {
    /// Studies that come as files over time, the newest first.
    ///
    /// - Parameter states: nil: whatever they are in.
    package func arrivals(tenant: Tenant?, states: Set<ArrivalState>?, limit: Int) async throws -> [Arrival] {
        try await PostgresArrivals(pool: pool).arrivals(tenant: tenant, states: states, limit: limit)
    }

    /// Says over AMQP that all of a study has been sent, or how many instances there are.
    package func complete(_ completion: StudyCompletion) async throws {
        try await publishToIntake(try completion.checkedMessage(), messageID: completion.sender.messageID)
    }
}

extension StudyCompletion {
    /// The message that says so.
    ///
    /// - Throws: `OperationError` (`usage`) in the words of the contract for what ingestion would refuse.
    @discardableResult
    package func checkedMessage() throws -> OutgoingMessage { try AskedStudy.checked(try message()) }
}

extension Arrival: Documented {
    package var document: JSONValue {
        [
            "id": JSONValue(id), "study_key": JSONValue(studyKey), "tenant": JSONValue(tenant),
            "revision": JSONValue(revision), "state": JSONValue(state.rawValue),
            "instance_count": JSONValue(instanceCount), "expected_count": JSONValue(expectedCount),
            "opened_at": JSONValue(openedAt.formatted(.iso8601)),
            "last_instance_at": JSONValue(lastInstanceAt?.formatted(.iso8601)),
            "signal": JSONValue(signal?.rawValue), "study": JSONValue(study),
        ]
    }
}
