import ArgumentParser
import Console
import Faults
import Foundation
import LocalServices
import Threads

/// A private PostgreSQL and RabbitMQ in a folder, with their workers.
struct LocalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "local",
        abstract: "A private PostgreSQL and RabbitMQ in a folder, on loopback, with one worker of each kind.",
        subcommands: [
            LocalUpCommand.self, LocalDownCommand.self, LocalStatusCommand.self, LocalEnvironmentCommand.self,
        ])
}

/// Which local stack is meant; shared by the verbs under `local`.
struct LocalStackOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder of the stack.", valueName: "folder"))
    var directory = ".columna"

    var url: URL { URL(filePath: directory, directoryHint: .isDirectory) }

    /// The stack; each step is told on standard error.
    var stack: LocalStack {
        LocalStack(directory: url) { line in FileHandle.standardError.write(Data("columna: \(line)\n".utf8)) }
    }

    /// Runs what asks about a stack, on a thread of its own. Where there is none, it does not run: the command ends with
    /// the code that says so.
    func whereThereIsAStack<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        do { return try await OwnThread.run(body) } catch let error as LocalServicesError
            where error.code == .notRunning
        {
            remark("columna: \(error)")
            throw ExitCode(CommandFailure.Code.stopped.rawValue)
        }
    }
}
