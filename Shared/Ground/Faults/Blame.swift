/// Whose fault an error is, which tells what helps.
///
/// | blame | what helps | a job that meets it | exit code of a command |
/// |---|---|---|---|
/// | input | another input | ends (`data`) | 65 |
/// | file | the right file, or the right to read it | is tried again (`resource`): jobs read what was stored whole | 65 |
/// | machine | memory, disk space, a right, on this machine or the one asked | is tried again (`resource`) | 1 |
/// | passing | waiting | is tried again soon (`transient`) | 69 |
/// | setting | another value of a setting or secret | is tried again (`resource`) | 78 |
/// | defect | another version of the program | is tried three times (`defect`) | 1 |
/// | cancelled | nothing: somebody wanted it | is handed back | 1 |
package enum Blame: Sendable, CaseIterable {
    /// What was given is wrong, and stays so.
    case input
    /// A file is not there or may not be read: the fault of whoever named it.
    case file
    /// Something lacks that people give: memory, space, a right, an entry at the other side.
    case machine
    /// A connection, a lock, a glitch of a disk or of a file server: the same may succeed in a moment.
    case passing
    /// A setting or a secret is missing or wrong.
    case setting
    /// Of the program.
    case defect
    /// Somebody wanted it to end.
    case cancelled
}
