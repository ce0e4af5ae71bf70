import Foundation
import LocalServices
import Synchronization

/// Ends a system with the test process: when it exits, and also when it is killed, which no handler of its own can
/// hear.
enum SystemTeardown {
    private struct Promise {
        let stack: LocalStack
        let folder: URL
        let watcher: Process
    }

    private static let promise = Mutex<Promise?>(nil)

    /// Call before anything is started.
    static func promise(_ stack: LocalStack, _ folder: URL) throws {
        let watcher = try watcher(folder)
        promise.withLock { $0 = Promise(stack: stack, folder: folder, watcher: watcher) }
        atexit { SystemTeardown.keep() }
    }

    private static func keep() {
        guard let promise = promise.withLock({ $0 }) else { return }
        _ = try? promise.stack.down(deletingData: true)
        try? FileManager.default.removeItem(at: promise.folder)
        kill(promise.watcher.processIdentifier, SIGKILL)
    }

    /// Looks once a second whether the tests still run, and clears up after them if they were killed.
    private static func watcher(_ folder: URL) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = [
            "-c",
            """
            trap '' INT TERM HUP
            while kill -0 "$1" 2>/dev/null; do sleep 1; done
            "$2" local down --directory "$3/stack" --delete
            rm -rf "$3"
            """,
            "watcher", String(getpid()), RunningSystem.buildFolder.appending(path: "columna").path,
            folder.path(percentEncoded: false),
        ]
        process.currentDirectoryURL = URL(filePath: "/")
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }
}
