/// Whose fault an error is, which tells what helps.
///
/// | blame | what helps | a job that meets it | exit code of a command |
/// |---|---|---|---|
/// | input | another input | ends (`data`) | 65 |
/// | request | another request | ends (`data`) | 64 |
/// | file | the right file, or the right to read it | is tried again (`resource`): jobs read what was stored whole | 65 |
/// | machine | memory, disk space, a right, on this machine or the one asked | is tried again (`resource`) | 1 |
/// | state | a change of what there is | is tried again (`resource`) | 1 |
/// | passing | waiting | is tried again soon (`transient`) | 69 |
/// | unfinished | waiting longer: it goes on | is tried again soon (`transient`) | 75 |
/// | setting | another value of a setting or secret | is tried again (`resource`) | 78 |
/// | defect | another version of the program | is tried three times (`defect`) | 1 |
/// | cancelled | nothing: somebody wanted it | is handed back | 1 |
package enum Blame: Sendable, CaseIterable {
    /// What was given is wrong, and stays so.
    case input
    /// What was asked for contradicts itself or the settings.
    case request
    /// A file is not there or may not be read: the fault of whoever named it.
    case file
    /// Something lacks that people give: memory, space, a right, an entry at the other side.
    case machine
    /// What was asked for is not there, or not in a state in which it can be done.
    case state
    /// A connection, a lock, a glitch of a disk or of a file server: the same may succeed in a moment.
    case passing
    /// It takes longer than the time that was given.
    case unfinished
    /// A setting or a secret is missing or wrong.
    case setting
    /// Of the program.
    case defect
    /// Somebody wanted it to end.
    case cancelled
}
