import ArgumentParser
import Console
import Foundation
import LocalServices

/// `columna local status`: what runs. Exit code 0 when database and broker run, 3 when they do not.
struct LocalStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what runs.",
        discussion: """
            The exit code is 0 when the database and the broker run, 3 when not, or when there is no stack.

            Example:
              columna local status --json
            """)

    @OptionGroup var options: LocalStackOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let stack = options.stack
        let status = try await options.whereThereIsAStack { try stack.status() }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(status), as: UTF8.self))
        } else {
            show(status)
        }
        if !status.isRunning { throw ExitCode(CommandFailure.Code.stopped.rawValue) }
    }

    private func show(_ status: LocalStatus) {
        let parts = [status.database, status.broker] + status.workers
        let width = parts.map(\.name.count).max() ?? 0
        for part in parts {
            let name = part.name.padding(toLength: width, withPad: " ", startingAt: 0)
            let place = part.port.map { "  127.0.0.1:\($0)" } ?? ""
            print("\(name)  \(part.pid.map { "running, process \($0)" } ?? "stopped")\(place)  log \(part.log)")
        }
        print("studies may be read from: \(status.inputRoots.joined(separator: ", "))")
        print("analysts: psql '\(status.analystURL)'")
    }
}
