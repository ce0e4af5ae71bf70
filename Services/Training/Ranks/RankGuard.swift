import Foundation
import Synchronization
import Threads

/// Ends a rank that nobody else would: one that waits for the others in vain, and one whose launcher is gone.
///
/// The library has no deadline for the ranks to find each other, and while it waits no line is read by which the rank
/// would see that its worker is gone. When one rank ends, its launcher ends the others.
final class RankGuard: Sendable {
    private let areTogether = Atomic(false)

    /// Watches from now on.
    init(secondsToStart: Int) {
        let parent = getppid()
        OwnThread.start("rank guard") { [self] in
            var left = secondsToStart
            while getppid() == parent, left > 0 {
                sleep(1)
                if !areTogether.load(ordering: .relaxed) { left -= 1 }
            }
            let why = left > 0 ? "its launcher is gone" : "the others did not come up in \(secondsToStart) s"
            FileHandle.standardError.write(Data("columna-training: a rank ends: \(why)\n".utf8))
            _exit(1)
        }
    }

    func foundTheOthers() { areTogether.store(true, ordering: .relaxed) }
}
