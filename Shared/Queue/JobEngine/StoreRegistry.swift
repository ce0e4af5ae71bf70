package import Foundation

/// Which storage belongs to the database. A folder where nothing is mounted looks like an empty store; only its
/// identity tells.
package protocol StoreRegistry: Sendable {
    /// Nil: none was ever registered.
    func registeredStore() async throws -> UUID?
    /// Makes a store the database's and leaves an audit row. False: it has another, and `replacing` was not said.
    func register(store: UUID, replacing: Bool, actor: String) async throws -> Bool
    /// Addresses of objects that the database refers to, those of the newest jobs first: a store that has none of them
    /// is not where they lie.
    func newestAddresses(limit: Int) async throws -> [ContentAddress]
}
