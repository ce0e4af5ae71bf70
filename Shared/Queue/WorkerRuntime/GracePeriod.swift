import Dispatch
import Glibc

/// Ends the process when it has not ended by itself.
enum GracePeriod {
    /// sysexits.h EX_TEMPFAIL: try again later.
    private static let exitStatus: Int32 = 75

    static func start(seconds: Double, announce: @escaping @Sendable () -> Void) {
        // On Dispatch and not in a task: the cooperative pool may be what hangs.
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds) {
            announce()
            _exit(exitStatus)
        }
    }
}
