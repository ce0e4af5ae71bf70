package import FoundationEssentials
package import JobEngine

/// Brings a folder and a database together: the only act by which a store is made. For operators' commands, never for a
/// worker.
package struct StoreAdoption: Sendable {
    package enum Outcome: Sendable, Equatable {
        /// They knew each other.
        case known(UUID)
        /// A new store for a database that has written nothing yet.
        case made(UUID)
        /// A store from before there were identities, or one that another database had.
        case adopted(UUID)
        /// On the operator's word, in place of another or of one that has lost its identity.
        case replaced(UUID)

        /// A line for the operator.
        package var sentence: String {
            switch self {
            case .known(let id): "the storage folder is the database's store \(StorageError.text(id))"
            case .made(let id): "made the storage folder the store \(StorageError.text(id))"
            case .adopted(let id):
                "adopted the storage folder, with what it holds, as the store \(StorageError.text(id))"
            case .replaced(let id): "the storage folder is now the database's store, \(StorageError.text(id))"
            }
        }
    }

    private let store: any ObjectStore
    private let registry: any StoreRegistry
    private let actor: String

    package init(store: any ObjectStore, registry: any StoreRegistry, actor: String) {
        self.store = store
        self.registry = registry
        self.actor = actor
    }

    /// - Parameter replacing: the operator knows that this folder takes the place of the one before.
    /// - Throws: ``StorageError`` `notAStore` where the folder holds nothing of what it should: most likely its file
    ///   system is not mounted; `otherStore` where it is another than the database's.
    package func perform(replacing: Bool = false) async throws -> Outcome {
        let registered = try await registry.registeredStore()
        let found = try await identity()
        switch (registered, found) {
        case (let registered?, let found?) where registered == found:
            return .known(found)
        case (_?, let found?) where replacing:
            try await register(found, replacing: true)
            return .replaced(found)
        case (let registered?, nil) where replacing:
            return .replaced(try await store.make(identity: registered))
        case (let registered?, _):
            try await store.require(registered)
            return .known(registered)
        case (nil, _):
            let isNew = try await registry.newestAddresses(limit: 1).isEmpty
            if !isNew, !replacing { try await requireObjects() }
            let identity = if let found { found } else { try await store.make() }
            try await register(identity, replacing: false)
            return isNew && found == nil
                ? .made(identity) : !isNew && replacing ? .replaced(identity) : .adopted(identity)
        }
    }

    private func identity() async throws -> UUID? {
        do {
            return try await store.identity()
        } catch let error as StorageError where error.code == .notAStore {
            return nil
        }
    }

    /// The store of a database that has written but knows none, as before there were identities, has at least some of
    /// what was written last.
    private func requireObjects() async throws {
        for address in try await registry.newestAddresses(limit: 20) {
            if try await store.contains(address) { return }
        }
        throw StorageError(
            .notAStore,
            "the storage folder has none of the objects that the database refers to: mount it there, or say `columna storage init --replace` if "
                + "they are lost")
    }

    private func register(_ identity: UUID, replacing: Bool) async throws {
        guard try await registry.register(store: identity, replacing: replacing, actor: actor) else {
            throw StorageError(
                .otherStore, "the database was given another store at the same time: run the command again")
        }
    }
}
