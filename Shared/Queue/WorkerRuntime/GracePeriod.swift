import Dispatch
import Glibc
package import ServiceLifecycle

/// A service that must end in time once it is told to, or the process ends without it: what hangs must not keep it.
package struct GracePeriod: Service {
    /// sysexits.h EX_TEMPFAIL: try again later.
    private static let exitStatus: Int32 = 75

    private let seconds: Double
    private let service: any Service
    private let announce: @Sendable () -> Void

    /// - Parameter announce: says that the period is over and what becomes of what is still under way.
    package init(seconds: Double, of service: any Service, announce: @escaping @Sendable () -> Void) {
        self.seconds = seconds
        self.service = service
        self.announce = announce
    }

    package func run() async throws {
        try await withGracefulShutdownHandler {
            try await service.run()
        } onGracefulShutdown: { [seconds, announce] in
            // On Dispatch and not in a task: the cooperative pool may be what hangs.
            DispatchQueue.global().asyncAfter(deadline: .now() + seconds) {
                announce()
                _exit(Self.exitStatus)
            }
        }
    }
}
