import Foundation
import Testing

/// Every option and argument of every command, found by walking the commands and not listed by hand.
@Suite struct WrongValueTests {
    private struct Tool: Decodable { let command: Command }

    private struct Command: Decodable {
        let commandName: String
        let subcommands: [Command]?
        let arguments: [Argument]?
    }

    private struct Argument: Decodable {
        struct Name: Decodable {
            let kind: String
            let name: String
        }

        let kind: String
        let names: [Name]?

        var longName: String? { names?.first { $0.kind == "long" }.map { "--\($0.name)" } }
    }

    /// The arguments that give each argument of each command the value.
    private func everyUse(of value: String) throws -> [[String]] {
        let dump = try Program.run(["--experimental-dump-help"]).output
        let tool = try JSONDecoder().decode(Tool.self, from: Data(dump.utf8))
        return uses(tool.command.subcommands ?? [], [], value)
    }

    private func uses(_ commands: [Command], _ path: [String], _ value: String) -> [[String]] {
        commands.filter { $0.commandName != "help" }.flatMap { command in
            let path = path + [command.commandName]
            let arguments = command.arguments ?? []
            let options = arguments.filter { $0.kind == "option" }.compactMap(\.longName).map { path + [$0, value] }
            let places = arguments.filter { $0.kind == "positional" }.map { _ in value }
            return options + (places.isEmpty ? [] : [path + places]) + uses(command.subcommands ?? [], path, value)
        }
    }

    /// The unknown option keeps what takes any text from running.
    @Test func whatTakesNoSuchValueNamesItAndWhatWasExpectedInTheSameWords() throws {
        var refusals = 0
        for use in try everyUse(of: "no-such-value") {
            let result = try Program.run(use + ["--no-such-option"])
            #expect(result.status == 64 && result.output.isEmpty, "\(use): \(result.errors)")
            guard result.errors.contains("The value 'no-such-value' is invalid") else { continue }
            refusals += 1
            #expect(
                result.errors.contains(/^Error: The value 'no-such-value' is invalid for '[^']+': expected .+\n/),
                "\(use): \(result.errors)")
        }
        #expect(refusals > 60)
    }
}
