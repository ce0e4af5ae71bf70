/// Whose fault a failure is: the first word of its code names the adapter that it came from.
extension JobFailure {
    /// Another machine might have done it: storage, disk or memory of this one. A limit that was configured is the same
    /// on all, and what is left to a newer program says nothing of what else this one can do.
    package var isMachines: Bool {
        guard !["memory-limit", "plan-unreadable", "recipe-unreadable"].contains(code) else { return false }
        return code.hasPrefix("storage-") || ["read-failed", "dicom-read-failed"].contains(code)
            || (`class` == .resource && !code.hasPrefix("database-") && !concernsArchive)
    }

    /// It came between this side and an archive, whichever of the two is to blame.
    package var concernsArchive: Bool { code.hasPrefix("archive-") }

    /// The archive is away, or refuses whoever asks; what is said of one object is the object's. A server that
    /// fails at one (HTTP 500) may take the others.
    package var isArchives: Bool {
        let refusals =
            ["unreachable", "timed-out", "connection-lost", "aborted", "temporarily-rejected", "unavailable"]
            + ["rejected", "untrusted", "unauthorized", "secret"]
        return refusals.contains { code == "archive-\($0)" }
    }

    /// The archive is there: it said what nobody says for it, a status of DIMSE, the fate of an object sent, what it
    /// has of a study, or it sent less than that. What fails before it is asked tells nothing, nor does a mere status
    /// of HTTP (404, 500), which a proxy gives as well, and a server that is not up yet.
    package var showsArchiveAnswered: Bool {
        let answers =
            ["refused-by-peer", "refused-result", "not-supported", "sent-another-study"].map { "archive-\($0)" }
            + ["study-not-found", "study-without-ct", "retrieval-incomplete", "nothing-arrived"]
        return answers.contains(code)
    }
}
