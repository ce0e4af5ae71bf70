/// Whose fault a failure is: the first word of its code names the adapter that it came from.
extension JobFailure {
    /// Another machine might have done it: storage, disk or memory of this one. A limit that was configured is the same on all.
    package var isMachines: Bool {
        guard code != "memory-limit" else { return false }
        return code.hasPrefix("storage-") || (`class` == .resource && !code.hasPrefix("database-") && !code.hasPrefix("archive-"))
    }

    /// The archive is away, or refuses whoever asks; what is said of one object is the object's. A server that
    /// fails at one (HTTP 500) may take the others.
    package var isArchives: Bool {
        let refusals = ["unreachable", "timed-out", "connection-lost", "aborted", "temporarily-rejected", "unavailable"]
            + ["rejected", "untrusted", "unauthorized", "secret"]
        return refusals.contains { code == "archive-\($0)" }
    }

    /// The archive is there: it said no of one object or study, or sent less than it has. What fails before it is asked, and a server that fails (HTTP 500),
    /// tell nothing.
    package var showsArchiveAnswered: Bool {
        let answers = ["not-found", "refused", "refused-by-peer", "refused-result", "not-supported", "sent-another-study"].map { "archive-\($0)" }
            + ["study-not-found", "study-without-ct", "retrieval-incomplete", "nothing-arrived"]
        return answers.contains(code)
    }
}
