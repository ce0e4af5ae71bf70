import Faults
package import FoundationEssentials

/// What a program needs to know to use a local stack.
package struct LocalEnvironment: Codable, Sendable, Equatable {
    package let directory: URL
    /// With the password of the role that owns the schema.
    package let databaseURL: String
    /// With the password of the role `analyst`, which reads the analytics views only.
    package let analystURL: String
    package let brokerURL: String
    package let storage: URL
    /// Folders studies may be read from.
    package let inputRoots: [String]

    /// Reads a stack's local.json.
    /// - Throws: `notRunning` when there is no stack, `folderUnusable` when its description cannot be read.
    package static func load(_ directory: URL) throws(LocalServicesError) -> LocalEnvironment {
        let folder = LocalFolder(directory)
        guard let state = try LocalState.read(folder) else {
            throw LocalServicesError(
                .notRunning, "there is no local stack in \(folder.path); start one with `columna local up`")
        }
        return LocalEnvironment(folder, state)
    }

    init(_ folder: LocalFolder, _ state: LocalState) {
        let address = "127.0.0.1:\(state.database.port)/columna"
        directory = URL(filePath: folder.path, directoryHint: .isDirectory)
        databaseURL = "postgresql://columna:\(state.database.password)@\(address)"
        analystURL = "postgresql://analyst:\(state.database.analystPassword)@\(address)"
        brokerURL = "amqp://columna:\(state.broker.password)@127.0.0.1:\(state.broker.port)/%2F"
        storage = URL(filePath: folder.storage, directoryHint: .isDirectory)
        inputRoots = state.inputRoots
    }

    /// The variables every `columna` program reads. COLUMNA_INPUT_ROOTS separates its folders by colons.
    package var environmentVariables: [String: String] {
        [
            "COLUMNA_DATABASE_URL": databaseURL,
            "COLUMNA_BROKER_URL": brokerURL,
            "COLUMNA_STORAGE": LocalFolder(storage).path,
            "COLUMNA_INPUT_ROOTS": inputRoots.joined(separator: ":"),
        ]
    }

    /// The variables as lines for a shell's `eval`.
    package var shellLines: String {
        environmentVariables.sorted { $0.key < $1.key }
            .map {
                "export \($0.key)='\($0.value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'\n"
            }
            .joined()
    }
}
