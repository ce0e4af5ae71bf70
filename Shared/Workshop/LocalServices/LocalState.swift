import Faults
import FoundationEssentials
import Glibc

/// What a stack remembers between commands, in local.json (mode 0600: it holds the passwords).
struct LocalState: Codable, Sendable {
    struct Database: Codable, Sendable {
        var port: Int
        var password: String
        var analystPassword: String
        var process: ProcessIdentity?
    }

    struct Broker: Codable, Sendable {
        /// AMQP.
        var port: Int
        /// Erlang's own protocol between nodes and tools, and the daemon that tells a node's port.
        var distributionPort: Int
        var mapperPort: Int
        /// `columna-<random>@localhost`: the broker's data are bound to it.
        var node: String
        var password: String
        var process: ProcessIdentity?
        var mapper: ProcessIdentity?
    }

    struct Worker: Codable, Sendable, Equatable {
        var stage: String
        /// From 1, unique within its stage.
        var number: Int
        var process: ProcessIdentity
        /// The settings it was started with.
        var settings: [String: String]
    }

    var mark: StackMark
    var database: Database
    var broker: Broker
    var workers: [Worker] = []
    var inputRoots: [String] = []

    /// How many workers of each stage were asked for.
    var replicas: [String: Int] = [:]

    /// A new stack: free ports, random passwords.
    static func new() throws(LocalServicesError) -> LocalState {
        let ports = try LoopbackPort.unused(4)
        return LocalState(
            mark: StackMark(identifier: Secret.random(16)),
            database: Database(port: ports[0], password: Secret.random(32), analystPassword: Secret.random(32)),
            broker: Broker(
                port: ports[1], distributionPort: ports[2], mapperPort: ports[3],
                node: "columna-\(Secret.random(8))@localhost",
                password: Secret.random(32)))
    }

    /// Nil when there is no stack in the folder.
    static func read(_ folder: LocalFolder) throws(LocalServicesError) -> LocalState? {
        guard SystemFile.exists(folder.stateFile) else { return nil }
        guard let bytes = SystemFile.bytes(folder.stateFile) else {
            throw .systemCall(
                .folderUnusable, "cannot read \(folder.stateFile); use the account that ran `columna local up`")
        }
        do { return try JSONDecoder().decode(LocalState.self, from: Data(bytes)) } catch {
            throw LocalServicesError(
                .folderUnusable,
                "\(folder.stateFile) is not the description of a local stack; stop its processes and remove the folder")
        }
    }

    func write(_ folder: LocalFolder) throws(LocalServicesError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            let text = String(decoding: try encoder.encode(self), as: UTF8.self)
            try SystemFile.writePrivately(text + "\n", to: folder.stateFile)
        } catch let error as LocalServicesError {
            throw error
        } catch {
            throw LocalServicesError(.folderUnusable, "cannot write \(folder.stateFile): \(error)")
        }
    }
}
