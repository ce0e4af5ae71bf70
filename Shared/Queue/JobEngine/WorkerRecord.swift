package import Foundation

/// A worker as the store knows it; times are the store's.
@dynamicMemberLookup
package struct WorkerRecord: Sendable, Equatable {
    /// As it described itself at its last heartbeat.
    package var worker: Worker
    /// Its first heartbeat.
    package var startedAt: Date
    /// Its last one.
    package var heartbeatAt: Date
    /// Since its last heartbeat, when the record was read.
    package var silenceInSeconds: Double

    package init(worker: Worker, startedAt: Date, heartbeatAt: Date, silenceInSeconds: Double) {
        self.worker = worker
        self.startedAt = startedAt
        self.heartbeatAt = heartbeatAt
        self.silenceInSeconds = silenceInSeconds
    }

    package subscript<Value>(dynamicMember keyPath: KeyPath<Worker, Value>) -> Value { worker[keyPath: keyPath] }
}
