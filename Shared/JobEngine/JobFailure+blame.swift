/// Whose fault a failure is: the first word of its code names the adapter that it came from.
extension JobFailure {
    /// Another machine might have done it: storage, disk or memory of this one.
    package var isMachines: Bool {
        code.hasPrefix("storage-") || (`class` == .resource && !code.hasPrefix("database-") && !code.hasPrefix("archive-"))
    }

    /// The archive is away, or refuses whoever asks; what is said of one object is the object's.
    package var isArchives: Bool {
        let refusals = ["unreachable", "timed-out", "connection-lost", "aborted", "temporarily-rejected", "server-failure"]
            + ["rejected", "untrusted", "unauthorized", "secret"]
        return refusals.contains { code == "archive-\($0)" }
    }
}
