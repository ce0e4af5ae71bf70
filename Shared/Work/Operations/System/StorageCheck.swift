package import Documents
package import JobEngine
package import Persistence
import Registry
package import Storage

/// Objects read again and compared with their addresses.
package struct StorageCheck: Documented {
    package struct Problem: Sendable {
        package let address: ContentAddress
        /// Never `intact`.
        package let found: Verification
    }

    package private(set) var checked = 0
    package private(set) var intactBytes = 0
    package private(set) var problems: [Problem] = []
    /// How many objects the database refers to; nil where it was not asked, or could not be reached.
    package private(set) var referredTo: Int?

    /// - Parameters:
    ///   - addresses: nil: those in storage, and those that the database refers to.
    ///   - each: gets how many were read, of how many, and their bytes, before each is read; what it throws ends the
    ///     check.
    package init(
        _ addresses: [ContentAddress]?, in store: any ObjectStore, of database: PostgresPool?,
        each: (_ read: Int, _ all: Int, _ bytes: Int) throws -> Void
    ) async throws {
        var wanted = addresses ?? []
        if addresses == nil {
            if let inventory = try await Self.inventory(of: store, database) {
                (wanted, referredTo) = (inventory.addresses, inventory.referredCount)
            } else {
                wanted = try await store.list().map(\.address)
            }
        }
        for address in wanted {
            try each(checked, wanted.count, intactBytes)
            let found = try await store.verify(address)
            checked += 1
            if case .intact(let count) = found {
                intactBytes += count
            } else {
                problems.append(Problem(address: address, found: found))
            }
        }
    }

    /// Nil: the database cannot be reached.
    private static func inventory(of store: any ObjectStore, _ database: PostgresPool?) async throws -> StoreInventory?
    {
        guard let database else { return nil }
        do {
            return try await Lookup(pool: database).inventory(of: store)
        } catch let error as PostgresError where error.code == .connectionLost {
            return nil
        }
    }

    package var document: JSONValue {
        [
            "checked": JSONValue(checked), "referred_to": JSONValue(referredTo),
            "intact_bytes": JSONValue(intactBytes), "problems": JSONValue(problems.map(\.document)),
        ]
    }
}

extension StorageCheck.Problem: Documented {
    package var document: JSONValue {
        var actual: String?
        if case .corrupted(let found, _) = found { actual = found.description }
        return [
            "address": JSONValue(address.description),
            "problem": JSONValue(actual == nil ? "missing" : "corrupted"), "actual": JSONValue(actual),
        ]
    }
}
