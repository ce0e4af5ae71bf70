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

    private static let withTenants = [
        ["submit", "x"], ["fetch", "1.2.3", "--from", "pacs"], ["arrivals", "list"],
        ["arrivals", "complete", "1.2.3"], ["jobs", "list"], ["dead", "list"], ["dead", "requeue"],
        ["deliveries", "list"], ["dataset", "list"], ["dataset", "show", "a"],
        ["dataset", "import", "x", "--data-set", "a"],
        ["dataset", "split", "a", "--to", "b"], ["train", "--data-set", "a", "--model", "b"],
        ["evaluate", "a", "--data-set", "b"], ["compare", "a", "b", "--data-set", "c"],
    ]

    @Test(arguments: withTenants, ["", "Ünï cödé; <b>", "BAD_T", String(repeating: "a", count: 64)])
    func whatIsNoTenantIsRefusedInTheSameWordsByEveryCommand(_ command: [String], _ name: String) throws {
        let result = try Program.run(command + ["--tenant", name])
        let words =
            "Error: The value '\(name)' is invalid for '--tenant <tenant>': "
            + "expected a tenant's name of 1 to 63 of a-z, 0-9 and '-'\n"
        #expect(result.status == 64 && result.errors.hasPrefix(words), "\(result.errors)")
    }

    @Test func everyCommandThatTakesATenantIsAmongThose() throws {
        let known = Self.withTenants.map { $0.joined(separator: " ") }
        for use in try everyUse(of: "a") where use.suffix(2).first == "--tenant" {
            let command = use.dropLast(2).joined(separator: " ")
            #expect(known.contains { $0.hasPrefix(command) }, "\(command)")
        }
        let limited = try Program.run(["tenants", "limit", "BAD_T", "4"])
        #expect(
            limited.status == 64 && limited.errors.contains("expected a tenant's name of 1 to 63 of a-z, 0-9 and '-'"),
            "\(limited.errors)")
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
