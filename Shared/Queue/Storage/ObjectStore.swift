package import FoundationEssentials
package import JobEngine

/// Bytes by content address. Objects are immutable: there is no overwriting, and the same bytes are stored once.
///
/// Every method may block on a disk or a network; none does so on Swift's cooperative pool. All throw ``StorageError``.
package protocol ObjectStore: Sendable {
    /// Makes the place a store, with what it needs above it; one that is a store already stays what it is.
    ///
    /// - Parameter identity: for a place that has none yet.
    /// - Returns: the identity it has now.
    func make(identity: UUID) async throws -> UUID

    /// What tells this store from another. Throws ``StorageError`` `notAStore` where there is none.
    func identity() async throws -> UUID

    /// Checks that the store is there and is this one; from now on nothing is put into any other.
    ///
    /// Throws ``StorageError`` `notAStore` or `otherStore`, and what reading it may throw.
    func require(_ identity: UUID) async throws

    /// Takes over a finished file made by ``temporaryFile(named:)``; the file is gone afterwards. When this returns,
    /// the object survives a power cut.
    func put(_ file: URL) async throws -> StoredObject

    func put(_ data: Data) async throws -> StoredObject

    /// A local file to read the object from; do not write to it. The length is compared with `expectedByteCount` when
    /// given; the digest is not recomputed (see ``verify(_:)``).
    func open(_ address: ContentAddress, expectedByteCount: Int?) async throws -> URL

    /// Where the object lies on this machine already, for people to look at; nil where it does not.
    func localFile(_ address: ContentAddress) -> URL?

    func contains(_ address: ContentAddress) async throws -> Bool

    /// Takes an object away that nothing refers to any more, as the database says; one that is not there already is no
    /// error.
    func remove(_ address: ContentAddress) async throws

    /// Reads the whole object and recomputes its digest.
    func verify(_ address: ContentAddress) async throws -> Verification

    /// The objects whose hexadecimal digests begin with these digits, ordered by address; `""`: all. Costs what those
    /// cost that are listed.
    func list(beginningWith digits: String) async throws -> [StoredObject]

    /// The path of a file that does not exist yet, where ``put(_:)`` can take it over without copying. One per attempt
    /// of a job: two attempts never share it. `suffix` (letters, digits, `.`, `-`, `_`) ends the name, so that
    /// libraries that look at extensions find theirs.
    func temporaryFile(named suffix: String) throws -> URL

    /// The local folder of those files. Who receives many files may name them itself there, each unlike any other.
    var stagingFolder: URL { get }

    /// Removes temporary files not written to for `age`, which killed workers left; answers how many. Attempts that
    /// still write are never touched.
    @discardableResult
    func sweepTemporaryFiles(olderThan age: Duration) async throws -> Int
}

extension ObjectStore {
    /// Every object, ordered by address.
    package func list() async throws -> [StoredObject] { try await list(beginningWith: "") }

    package func make() async throws -> UUID { try await make(identity: UUID()) }

    package func open(_ object: StoredObject) async throws -> URL {
        try await open(object.address, expectedByteCount: object.byteCount)
    }
}
