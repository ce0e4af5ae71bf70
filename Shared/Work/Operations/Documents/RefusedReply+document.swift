package import Documents
import Foundation
package import JobEngine

extension RefusedReply: Documented {
    package var document: JSONValue {
        [
            "queue": JSONValue(queue), "tenant": JSONValue(tenant), "type": JSONValue(type),
            "subject": JSONValue(subject), "tries": JSONValue(tries),
            "refused_since": JSONValue(refusedSince.formatted(.iso8601)),
            "next_try_at": JSONValue(nextTryAt?.formatted(.iso8601)), "parked": JSONValue(nextTryAt == nil),
        ]
    }
}
