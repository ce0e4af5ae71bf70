/// A worker process as it describes itself at every heartbeat.
package struct Worker: Sendable, Equatable {
    package enum State: String, Sendable, Codable, CaseIterable { case running, draining, stopped }

    /// `<stage>-<host>-<pid>-<random>`, unique per process.
    package var id: String
    package var stage: Stage
    package var host: String
    package var processID: Int
    package var version: String
    package var slots: Int
    package var busySlots: Int
    package var state: State
    /// How far its host's clock is ahead of the store's (negative: behind); nil: not measured yet.
    package var clockSkewInSeconds: Double?
    /// Why it claims no jobs at present, free of patient data; empty while it does.
    package var note: String

    package init(
        id: String, stage: Stage, host: String, processID: Int, version: String, slots: Int, busySlots: Int,
        state: State,
        clockSkewInSeconds: Double? = nil, note: String = ""
    ) {
        self.id = id
        self.stage = stage
        self.host = host
        self.processID = processID
        self.version = version
        self.slots = slots
        self.busySlots = busySlots
        self.state = state
        self.clockSkewInSeconds = clockSkewInSeconds
        self.note = note
    }
}
