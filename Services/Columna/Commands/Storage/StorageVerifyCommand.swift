import ArgumentParser
import Console
import Documents
import Foundation
import Operations
import Persistence
import Registry
import Storage

struct StorageVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read objects again and compare their SHA-256; all of them when none is named.",
        discussion: """
            All of them are those in storage and those the database refers to. Without a database (COLUMNA_STORAGE alone) only the former are
            checked.

            The exit code is 1 when an object is corrupted or missing.

            Examples:
              columna storage verify
              columna storage verify sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 --json
            """)

    @Argument(help: "Addresses (sha256:…).")
    var addresses: [String] = []

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let (store, lookup) = try await Self.connect()
        var wanted: [ContentAddress] = []
        for text in addresses {
            guard let address = ContentAddress(text) else {
                throw CommandFailure(.usage, "'\(text)' is no address, expected sha256:<64 hex digits>")
            }
            wanted.append(address)
        }
        var referred: Set<ContentAddress>?
        if addresses.isEmpty {
            // The database first: what it knows by then has been in storage before.
            referred = try await Self.addresses(lookup)
            let stored = try await store.list().map(\.address)
            wanted = stored + (referred ?? []).subtracting(stored).sorted { $0.hex < $1.hex }
        }
        var bytes = 0
        var bad: [(address: ContentAddress, verification: Verification)] = []
        let progress = ProgressLine()
        for (index, address) in wanted.enumerated() {
            progress.show(
                Double(index) / Double(wanted.count),
                "object \(index + 1) of \(wanted.count), \(Wording.bytes(bytes)) read")
            let verification = try await store.verify(address)
            if case .intact(let count) = verification { bytes += count } else { bad.append((address, verification)) }
        }
        progress.end()
        output.show(json(count: wanted.count, referred: referred?.count, bytes: bytes, bad)) {
            for one in bad { print("\(one.address): \(Self.text(one.verification))") }
            let missing = bad.count { $0.verification == .missing }
            print(
                "\(Wording.count(wanted.count, "object")) checked, \(Wording.bytes(bytes)) intact, \(bad.count - missing) corrupted, \(missing) missing"
            )
            if let referred { print("the database refers to \(referred.count) of them") }
        }
        if addresses.isEmpty, referred == nil {
            remark(
                "columna: no database: \(Wording.count(wanted.count, "object")) checked on disk only, what the database refers to was not looked for"
            )
        }
        if !bad.isEmpty { throw ExitCode(1) }
    }

    /// The bytes can be checked without a database as long as the folder is named.
    private static func connect() async throws -> (store: any ObjectStore, lookup: Lookup?) {
        do {
            let system = try SystemConnection()
            return (try await objects(system), Lookup(pool: system.pool))
        } catch let failure as CommandFailure where failure.code == .unavailable {
            guard let folder = ProcessInfo.processInfo.environment["COLUMNA_STORAGE"], !folder.isEmpty else {
                throw failure
            }
            return (StoreLocation.store(at: URL(filePath: folder)), nil)
        }
    }

    private static func objects(_ system: SystemConnection) async throws -> any ObjectStore {
        do {
            return try await system.objects()
        } catch let error as PostgresError where error.code == .connectionLost {
            return try system.storage
        }
    }

    /// What the database refers to; nil: it cannot be reached.
    private static func addresses(_ lookup: Lookup?) async throws -> Set<ContentAddress>? {
        guard let lookup else { return nil }
        do {
            return Set(try await lookup.addresses().compactMap { ContentAddress($0) })
        } catch let error as PostgresError where error.code == .connectionLost {
            return nil
        }
    }

    private static func text(_ verification: Verification) -> String {
        switch verification {
        case .intact(let count): "intact, \(count) bytes"
        case .corrupted(let actual, let count): "corrupted: its \(count) bytes are those of \(actual)"
        case .missing: "missing"
        }
    }

    private func json(
        count: Int, referred: Int?, bytes: Int, _ bad: [(address: ContentAddress, verification: Verification)]
    ) -> JSONValue {
        let list: [JSONValue] = bad.map {
            var actual: String?
            if case .corrupted(let found, _) = $0.verification { actual = found.description }
            return [
                "address": JSONValue($0.address.description),
                "problem": JSONValue(actual == nil ? "missing" : "corrupted"), "actual": JSONValue(actual),
            ]
        }
        return [
            "checked": JSONValue(count), "referred_to": JSONValue(referred), "intact_bytes": JSONValue(bytes),
            "problems": JSONValue(list),
        ]
    }
}
