import ArgumentParser
import Foundation
import Storage

/// `columna storage …`: the bytes behind the addresses.
struct StorageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storage", abstract: "Check stored bytes against their addresses.", subcommands: [StorageVerifyCommand.self])
}

struct StorageVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Read objects again and compare their SHA-256; all of them when none is named.",
        discussion: """
            The exit code is 1 when an object is corrupted or missing.

            Examples:
              columna storage verify
              columna storage verify sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 --json
            """)

    @Argument(help: "Addresses (sha256:…).")
    var addresses: [String] = []

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let store = try SystemConnection().objects()
        var wanted: [ContentAddress] = []
        for text in addresses {
            guard let address = ContentAddress(text) else { throw CommandFailure(.usage, "'\(text)' is no address, expected sha256:<64 hex digits>") }
            wanted.append(address)
        }
        if addresses.isEmpty { wanted = try await store.list().map(\.address) }
        var bytes = 0
        var bad: [(address: ContentAddress, verification: Verification)] = []
        let progress = ProgressLine()
        for (index, address) in wanted.enumerated() {
            progress.show(Double(index) / Double(wanted.count), "object \(index + 1) of \(wanted.count), \(Wording.bytes(bytes)) read")
            let verification = try await store.verify(address)
            if case .intact(let count) = verification { bytes += count } else { bad.append((address, verification)) }
        }
        progress.end()
        output.show(json(count: wanted.count, bytes: bytes, bad)) {
            for one in bad { print("\(one.address): \(Self.text(one.verification))") }
            print("\(Wording.count(wanted.count, "object")) checked, \(Wording.bytes(bytes)) intact, \(bad.count) corrupted or missing")
        }
        if !bad.isEmpty { throw ExitCode(1) }
    }

    private static func text(_ verification: Verification) -> String {
        switch verification {
        case .intact(let count): "intact, \(count) bytes"
        case .corrupted(let actual, let count): "corrupted: its \(count) bytes are those of \(actual)"
        case .missing: "missing"
        }
    }

    private func json(count: Int, bytes: Int, _ bad: [(address: ContentAddress, verification: Verification)]) -> JSONValue {
        let list: [JSONValue] = bad.map {
            var actual: String?
            if case .corrupted(let found, _) = $0.verification { actual = found.description }
            return ["address": JSONValue($0.address.description), "problem": JSONValue(actual == nil ? "missing" : "corrupted"), "actual": JSONValue(actual)]
        }
        return ["checked": JSONValue(count), "intact_bytes": JSONValue(bytes), "problems": JSONValue(list)]
    }
}
