import ArgumentParser
import Console
import Documents
import Foundation
import JobEngine
import Operations
import Persistence
import Storage

struct StorageVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read objects again and compare their SHA-256; all of them when none is named.",
        discussion: """
            All of them are those in storage and those the database refers to. Without a database (COLUMNA_STORAGE alone) only the former are
            checked.

            The exit code is 1 when an object is corrupted or missing.

            A large store takes hours: --queue has the ingestion workers do it, behind their other work, in 256 short jobs. Damaged objects then end a job, which
            `columna dead list` shows with their addresses.

            Examples:
              columna storage verify
              columna storage verify --queue
              columna storage verify sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 --json
            """)

    @Argument(help: "Addresses (sha256:…).")
    var addresses: [ContentAddress] = []

    @Flag(help: "Let the ingestion workers read all of them, in 256 jobs.")
    var queue = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard !queue || addresses.isEmpty else {
            throw ValidationError(
                "--queue verifies all objects: leave the addresses out, or verify them here without it")
        }
    }

    func run() async throws {
        if queue { return try await order() }
        let (store, database) = try await Self.connect()
        let progress = ProgressLine()
        let check = try await StorageCheck(addresses.isEmpty ? nil : addresses, in: store, of: database) {
            read, all, bytes in
            progress.show(
                Double(read) / Double(all), "object \(read + 1) of \(all), \(Wording.bytes(bytes)) read")
        }
        progress.end()
        output.show(check.document) { show(check) }
        if addresses.isEmpty, check.referredTo == nil {
            remark(
                "columna: no database: \(Wording.count(check.checked, "object")) checked on disk only, what the database refers to was not looked for"
            )
        }
        if !check.problems.isEmpty { throw ExitCode(1) }
    }

    private func order() async throws {
        let jobs = try await SystemConnection().orderVerification()
        output.show(["jobs": JSONValue(jobs.map { JSONValue($0.description) })]) {
            print(
                "\(jobs.count) jobs verify the store; watch them with `columna jobs list --tenant \(SystemConnection.housekeeping)`"
            )
        }
    }

    private func show(_ check: StorageCheck) {
        for one in check.problems { print("\(one.address): \(Self.text(one.found))") }
        let missing = check.problems.count { $0.found == .missing }
        print(
            "\(Wording.count(check.checked, "object")) checked, \(Wording.bytes(check.intactBytes)) intact, \(check.problems.count - missing) corrupted, \(missing) missing"
        )
        if let referredTo = check.referredTo { print("the database refers to \(referredTo) of them") }
    }

    /// The bytes can be checked without a database as long as the folder is named.
    private static func connect() async throws -> (store: any ObjectStore, database: PostgresPool?) {
        do {
            let system = try SystemConnection()
            return (try await objects(system), system.pool)
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

    private static func text(_ verification: Verification) -> String {
        switch verification {
        case .intact(let count): "intact, \(count) bytes"
        case .corrupted(let actual, let count): "corrupted: its \(count) bytes are those of \(actual)"
        case .missing: "missing"
        }
    }
}
