import ArgumentParser
import Console
import Foundation
import JobEngine
import Operations
import Studies

struct ModelsPromoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote", abstract: "Make a version the one that NAME alone means.",
        discussion: """
            A training or an import makes a version that runs only where it is named in full (NAME@VERSION). Studies whose request or tenant names the
            model alone get the promoted version, and only what a promoted version segmented is delivered to archives.

            Example:
              columna models promote spine@3
            """)

    @Argument(help: "NAME@VERSION.")
    var model: ModelReference

    func run() async throws {
        try SystemConnection.requireVersion(of: model)
        try await SystemConnection().promote(model)
        print("\(model.name) now means \(model)")
    }

    /// What whoever made a version must know.
    static func hint(_ reference: ModelReference) -> String {
        "it runs where it is named in full; `columna models promote \(reference)` makes it the one that the name alone means"
    }
}
