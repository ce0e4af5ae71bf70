import Glibc
import JobEngine
import Synchronization

/// Which studies came over which association. An association has a thread of its own for all its life, so the thread
/// names it.
final class Transfers: Sendable {
    private let studies = Mutex([pthread_t: [Tenant: Set<String>]]())

    func note(studyKey: String, tenant: Tenant) {
        let thread = pthread_self()
        studies.withLock { _ = $0[thread, default: [:]][tenant, default: []].insert(studyKey) }
    }

    /// Study keys by tenant of this thread's association, which is over.
    func end() -> [Tenant: Set<String>] {
        let thread = pthread_self()
        return studies.withLock { $0.removeValue(forKey: thread) ?? [:] }
    }
}
