import Foundation
import JobEngine
import Synchronization

/// A registry of storage without a database.
final class MemoryStoreRegistry: StoreRegistry {
    private let store = Mutex<UUID?>(nil)

    func registeredStore() async throws -> UUID? { store.withLock { $0 } }

    func register(store identity: UUID, replacing: Bool, actor: String) async throws -> Bool {
        store.withLock { store in
            guard store == nil || store == identity || replacing else { return false }
            store = identity
            return true
        }
    }

    func newestAddresses(limit: Int) async throws -> [ContentAddress] { [] }
}
