import Faults
import Files
import Glibc

/// A program to start, with exactly this environment and this working directory.
struct ChildProcess {
    var executable: String
    var arguments: [String]
    var environment: [String: String]
    /// Servers stand in the root folder, so they keep no file system busy and need no access to where the user stands.
    var workingDirectory = "/"

    struct Ending {
        let status: Int32
        let output: String
        var succeeded: Bool { status == 0 }
    }

    /// Starts it in a session of its own, so it outlives us and no terminal's signals reach it; its output is appended
    /// to a log readable by us only.
    func startDetached(log: String) throws(LocalServicesError) -> ProcessIdentity {
        let output = try Self.opened(log, O_WRONLY | O_CREAT | O_APPEND, "write the log \(log)")
        let input = try Self.opened("/dev/null", O_RDONLY, "read nothing")
        let pid = try spawn(input: input, output: output, newSession: true)
        guard let identity = ProcessIdentity(runningPID: pid) else {
            waitpid(pid, nil, 0)
            throw LocalServicesError(.startFailed, "\(executable) ended at once: \(SystemFile.tail(log))")
        }
        return identity
    }

    private static func opened(_ path: String, _ flags: Int32, _ what: String) throws(LocalServicesError)
        -> FileDescriptor
    {
        do throws(SystemFailure) {
            return try FileDescriptor(path, flags, mode: 0o600)
        } catch {
            throw LocalServicesError(.folderUnusable, "cannot \(what): \(error.reason)")
        }
    }

    /// Runs it to its end; output and error output come back together.
    ///
    /// Both ends are files without a name and not pipes: a server that a program leaves behind keeps a pipe open for
    /// ever.
    /// - Parameter input: what it reads, where `ps` shows no secrets.
    func run(input: String = "", timeout: Duration = .seconds(120)) throws(LocalServicesError) -> Ending {
        let source = try SystemFile.nameless(), sink = try SystemFile.nameless()
        do throws(SystemFailure) {
            try source.write([UInt8](input.utf8))
        } catch {
            throw LocalServicesError(.diskFull, "cannot write \(input.utf8.count) bytes: \(error.reason)")
        }
        lseek(source.number, 0, SEEK_SET)
        let pid = try spawn(input: source, output: sink, newSession: false)
        var status: Int32 = 0
        if !waited(timeout, until: { waitpid(pid, &status, WNOHANG) == pid }) {
            kill(pid, SIGKILL)
            waitpid(pid, &status, 0)
            throw LocalServicesError(.notReady, "\(executable) did not end within \(timeout)")
        }
        lseek(sink.number, 0, SEEK_SET)
        return Ending(status: status, output: String(decoding: SystemFile.bytes(sink), as: UTF8.self))
    }

    /// POSIX_SPAWN_SETSID of <spawn.h>, which is behind _GNU_SOURCE there.
    private static let newSessionFlag: Int32 = 0x80

    /// posix_spawn(3): signals reset to their defaults, descriptors above 2 closed.
    private func spawn(
        input: borrowing FileDescriptor, output: borrowing FileDescriptor, newSession: Bool
    ) throws(LocalServicesError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input.number, 0)
        posix_spawn_file_actions_adddup2(&actions, output.number, 1)
        posix_spawn_file_actions_adddup2(&actions, output.number, 2)
        for descriptor in SystemFile.names(in: "/proc/self/fd").compactMap({ Int32($0) }) where descriptor > 2 {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var every = sigset_t(), none = sigset_t()
        sigfillset(&every)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &every)
        posix_spawnattr_setsigmask(&attributes, &none)
        let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | (newSession ? Self.newSessionFlag : 0)
        posix_spawnattr_setflags(&attributes, Int16(flags))

        // posix_spawn itself cannot change the folder before glibc's extensions, which Swift does not see; env(1)
        // becomes the program.
        let commandLine = ["/usr/bin/env", "-C", workingDirectory, executable] + arguments
        var words: [UnsafeMutablePointer<CChar>?] = commandLine.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var pid: pid_t = 0
        let failure = posix_spawn(&pid, commandLine[0], &actions, &attributes, &words, &variables)
        guard failure == 0 else {
            throw LocalServicesError(.startFailed, "cannot start \(executable): \(String(cString: strerror(failure)))")
        }
        return pid
    }
}

/// Looks every 20 ms whether something outside this process has come about; false after the timeout.
func waited(_ timeout: Duration, until condition: () throws(LocalServicesError) -> Bool) throws(LocalServicesError)
    -> Bool
{
    let end = ContinuousClock.now + timeout
    while true {
        if try condition() { return true }
        if ContinuousClock.now >= end { return false }
        usleep(20_000)
    }
}

func waited(_ timeout: Duration, until condition: () -> Bool) -> Bool {
    let end = ContinuousClock.now + timeout
    while !condition() {
        if ContinuousClock.now >= end { return false }
        usleep(20_000)
    }
    return true
}
