import ArgumentParser
import Console
import LocalServices
import Threads

/// `columna local down`: ends every process of the stack.
struct LocalDownCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "down", abstract: "Stop the workers, the broker and the database; data are kept.",
        discussion: "Example:\n  columna local down")

    @OptionGroup var options: LocalStackOptions

    @Flag(help: "Also remove the data: database, broker, storage, logs.")
    var delete = false

    func run() async throws {
        let (stack, delete) = (options.stack, delete)
        let found = try await OwnThread.run { try stack.down(deletingData: delete) }
        guard found else { return print("There is no local stack in \(options.directory).") }
        print(
            "No process of the local stack in \(options.directory) runs any more\(delete ? "; its data are removed" : "; its data are kept")."
        )
    }
}
