import Faults
import Glibc

/// The account PostgreSQL's programs run under.
///
/// They refuse root. As root they run as Debian's `postgres`, which often cannot reach a checkout (/root has mode
/// 0700); then it gets the right to pass through any folder (capability dac_read_search, or dac_override where a
/// container grants only that).
enum DatabaseAccount: Equatable {
    case ourselves
    case postgres(user: uid_t, group: gid_t, capability: String?)

    /// - Parameter folder: which the account must be able to reach; it is given to the account.
    static func choose(reaching folder: String) throws(LocalServicesError) -> DatabaseAccount {
        guard geteuid() == 0 else { return .ourselves }
        guard let entry = getpwnam("postgres") else {
            throw DebianPackage.postgreSQL.missing("the user account `postgres`")
        }
        let (user, group) = (entry.pointee.pw_uid, entry.pointee.pw_gid)
        guard chown(folder, user, group) == 0 else {
            throw .systemCall(.folderUnusable, "cannot give \(folder) to the user postgres")
        }
        for capability in [nil, "dac_read_search", "dac_override"] {
            let account = DatabaseAccount.postgres(user: user, group: group, capability: capability)
            // stat(2) of something inside proves the way; access(2) would not, it looks away from capabilities.
            if try account.command("/usr/bin/stat", [folder + "/."]).run().succeeded { return account }
        }
        throw LocalServicesError(
            .folderUnusable,
            "the user postgres cannot reach \(folder), and PostgreSQL does not run as root; choose a folder it can reach with --directory"
        )
    }

    func command(_ executable: String, _ arguments: [String], environment: [String: String] = [:]) -> ChildProcess {
        var variables = environment
        variables["PATH"] = "/usr/local/bin:/usr/bin:/bin"
        variables["LC_ALL"] = "C.UTF-8"
        guard case .postgres(let user, let group, let capability) = self else {
            return ChildProcess(executable: executable, arguments: arguments, environment: variables)
        }
        var options = ["--reuid=\(user)", "--regid=\(group)", "--init-groups"]
        if let capability { options += ["--inh-caps=+\(capability)", "--ambient-caps=+\(capability)"] }
        return ChildProcess(
            executable: "/usr/bin/setpriv", arguments: options + [executable] + arguments, environment: variables)
    }
}
