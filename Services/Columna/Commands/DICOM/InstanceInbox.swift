import Console
import DIMSE
import Files
import Foundation
import Glibc
import Synchronization

/// A folder of received objects: a file appears under its name whole and durable, or not at all.
final class InstanceInbox: Sendable {
    struct Count: Sendable {
        var objects = 0
        var bytes = 0
        var failed = 0
    }

    /// For files that are being received; on the file system of the folder, so that a rename is all it takes.
    let incoming: URL
    private let folder: URL
    private let state = Mutex(Count())
    private let flush: FolderFlush

    init(folder: URL) throws {
        self.folder = folder
        incoming = folder.appending(path: ".incoming", directoryHint: .isDirectory)
        do {
            try FileManager.default.createDirectory(at: incoming, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure(.configuration, "the folder for objects cannot be made: check permissions and space")
        }
        flush = FolderFlush(path: folder.path)
    }

    var count: Count { state.withLock { $0 } }

    /// Blocks until the object is on the medium.
    func keep(_ instance: ReceivedInstance) -> StoreStatus {
        // The identifier has nothing but digits and dots: the provider has looked.
        let target = folder.appending(path: instance.sopInstanceUID + ".dcm")
        let isKept = Self.synchronize(instance.file.path) && rename(instance.file.path, target.path) == 0 && flush.run()
        state.withLock { count in
            count.objects += isKept ? 1 : 0
            count.bytes += isKept ? instance.byteCount : 0
            count.failed += isKept ? 0 : 1
        }
        return isKept ? .success : .outOfResources
    }

    /// Removes the folder for incoming files, which is empty when nobody transfers.
    func close() { rmdir(incoming.path) }

    static func synchronize(_ path: String) -> Bool { (try? FileDescriptor(path, O_RDONLY).synchronize()) != nil }
}

/// Flushes a folder's entries for several threads at once: who comes while a flush is under way waits for the next,
/// which is one for all that wait.
final class FolderFlush: Sendable {
    private struct State {
        var isRunning = false
        /// Flushes that have begun, that have ended, and that have failed.
        var begun = 0
        var ended = 0
        var failed: Set<Int> = []
    }

    private let path: String
    private let condition = NSCondition()
    private let state = Mutex(State())

    init(path: String) { self.path = path }

    /// True when every rename before this call is on the medium.
    func run() -> Bool {
        condition.lock()
        defer { condition.unlock() }
        let wanted = state.withLock { $0.begun + 1 }
        while state.withLock({ $0.ended < wanted }) {
            guard
                state.withLock({ state in
                    if state.isRunning { return false }
                    state.isRunning = true
                    state.begun += 1
                    return true
                })
            else {
                condition.wait()
                continue
            }
            condition.unlock()
            let isFlushed = InstanceInbox.synchronize(path)
            condition.lock()
            state.withLock { state in
                state.isRunning = false
                state.ended = state.begun
                if !isFlushed { state.failed.insert(state.begun) }
            }
            condition.broadcast()
        }
        return state.withLock { !$0.failed.contains(wanted) }
    }
}
