package import JobEngine
package import Storage

/// What there is to verify in a store: what lies in it, and what the database refers to.
package struct StoreInventory: Sendable {
    /// The stored ones first, each part in the order of addresses.
    package let addresses: [ContentAddress]
    /// How many of them the database refers to.
    package let referredCount: Int

    init(stored: [ContentAddress], referred: Set<ContentAddress>) {
        addresses = stored + referred.subtracting(stored).sorted()
        referredCount = referred.count
    }
}

extension Lookup {
    /// - Parameter digits: with which the hexadecimal digests begin that are wanted; `""`: all.
    package func inventory(of store: any ObjectStore, beginningWith digits: String = "") async throws -> StoreInventory
    {
        // The database first: what it knows by then has been in storage before.
        let referred = Set(try await addresses(beginningWith: digits))
        let stored = try await store.list(beginningWith: digits).map(\.address)
        return StoreInventory(stored: stored, referred: referred)
    }
}
