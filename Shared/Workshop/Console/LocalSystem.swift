import Faults
import Foundation
import Glibc
import LocalServices
package import Operations

/// The system that commands use: the one that `COLUMNA_DATABASE_URL`, `COLUMNA_BROKER_URL` and `COLUMNA_STORAGE` name,
/// else the local stack of the current folder (`.columna`).
package enum LocalSystem {
    private static let folder = URL(filePath: ".columna", directoryHint: .isDirectory)

    /// Fills in what an environment lacks from the local stack, if there is one here.
    static func completed(_ environment: [String: String]) throws -> [String: String] {
        let names = ["COLUMNA_DATABASE_URL", "COLUMNA_BROKER_URL", "COLUMNA_STORAGE"]
        guard names.contains(where: { (environment[$0] ?? "").isEmpty }) else { return environment }
        guard let local = try stack() else {
            // One that is set names a deployment: whatever else is needed is asked for by name.
            guard (environment["COLUMNA_DATABASE_URL"] ?? "").isEmpty else { return environment }
            throw CommandFailure(
                .unavailable,
                "no system to talk to: COLUMNA_DATABASE_URL is not set and there is no local stack in ./.columna; "
                    + "run `columna local up` here, or set COLUMNA_DATABASE_URL, COLUMNA_BROKER_URL and COLUMNA_STORAGE"
            )
        }
        return environment.merging(local.environmentVariables) { own, local in own.isEmpty ? local : own }
    }

    /// Nil: there is none in the current folder.
    private static func stack() throws -> LocalEnvironment? {
        do {
            return try LocalEnvironment.load(folder)
        } catch {
            // Not a `where` clause: Swift 6.3 crashes on one over a typed error.
            if error.code == .notRunning { return nil }
            throw error
        }
    }

    /// Whether what the variable names came from the current folder's stack, and that does not run.
    static func isStopped(insteadOf variable: String) -> Bool {
        guard (ProcessInfo.processInfo.environment[variable] ?? "").isEmpty else { return false }
        let status = try? LocalStack(directory: folder).status()
        return status.map { !$0.isRunning } ?? false
    }
}

extension SystemConnection {
    /// For whoever typed the command: `user@host` in the audit, remarks on standard error.
    package init(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        let user =
            getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) } ?? environment["USER"] ?? "uid-\(getuid())"
        try self.init(
            environment: LocalSystem.completed(environment), name: "columna",
            actor: "\(user)@\(ProcessInfo.processInfo.hostName)", remark: { Console.remark("columna: " + $0) })
    }
}
