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

    /// The commands of a program, as it lists them itself.
    private func commands(of program: URL) throws -> [Command] {
        let dump = try Program.run(["--experimental-dump-help"], of: program).output
        return try JSONDecoder().decode(Tool.self, from: Data(dump.utf8)).command.subcommands ?? []
    }

    /// The words of each command that has no others below it.
    private func leaves(_ commands: [Command], _ path: [String] = []) -> [[String]] {
        commands.filter { $0.commandName != "help" }.flatMap { command in
            let path = path + [command.commandName]
            let below = leaves(command.subcommands ?? [], path)
            return below.isEmpty ? [path] : below
        }
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
        ["submit", "x"], ["corrections", "submit", "x", "y"], ["corrections", "list"],
        ["dataset", "from-corrections", "a", "--base", "b", "--model", "c"],
        ["train", "policy", "set", "--model", "a", "--after", "1", "--data-set", "b"], ["train", "policy", "show"],
        ["train", "policy", "off", "--model", "a"], ["fetch", "1.2.3", "--from", "pacs"], ["arrivals", "list"],
        ["arrivals", "complete", "1.2.3"], ["jobs", "list"], ["dead", "list"], ["dead", "requeue"],
        ["deliveries", "list"], ["dataset", "list"], ["dataset", "show", "a"], ["dataset", "check", "a"],
        ["dataset", "delete", "a", "--all"],
        ["dataset", "import", "x", "--data-set", "a"],
        ["dataset", "split", "a", "--to", "b"], ["dataset", "plan", "a"],
        ["dataset", "prepare", "a", "--plan", "p.json"], ["train", "start", "--data-set", "a", "--model", "b"],
        ["train", "list"], ["train", "stop", "a"], ["train", "watch", "a"], ["train", "resume", "a"],
        ["models", "promote", "a@1"],
        ["report", "--training", "a", "--output", "o"], ["evaluate", "a", "--data-set", "b"],
        ["compare", "a", "b", "--data-set", "c"],
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
        for use in uses(try commands(of: Program.executable), [], "a") where use.suffix(2).first == "--tenant" {
            let command = use.dropLast(2).joined(separator: " ")
            #expect(known.contains { $0.hasPrefix(command) }, "\(command)")
        }
        let limited = try Program.run(["tenants", "limit", "BAD_T", "4"])
        #expect(
            limited.status == 64 && limited.errors.contains("expected a tenant's name of 1 to 63 of a-z, 0-9 and '-'"),
            "\(limited.errors)")
    }

    /// The unknown option keeps what takes any text from running.
    @Test(arguments: [(Program.executable, 60), (Program.benchmarks, 10)])
    func whatTakesNoSuchValueNamesItAndWhatWasExpectedInTheSameWords(_ program: URL, _ known: Int) throws {
        var refusals = 0
        // What leads to another program takes any words.
        for use in uses(try commands(of: program), [], "no-such-value") where use.first != "benchmark" {
            let result = try Program.run(use + ["--no-such-option"], of: program)
            #expect(result.status == 64 && result.output.isEmpty, "\(use): \(result.errors)")
            guard result.errors.contains("The value 'no-such-value' is invalid") else { continue }
            refusals += 1
            #expect(
                result.errors.contains(/^Error: The value 'no-such-value' is invalid for '[^']+': expected .+\n/),
                "\(use): \(result.errors)")
        }
        #expect(refusals > known)
    }

    @Test(arguments: [Program.executable, Program.benchmarks])
    func everyCommandExplainsItselfWithAnExample(_ program: URL) throws {
        let words = leaves(try commands(of: program))
        #expect(words.count >= 8)
        for words in words {
            let help = try Program.run(words + ["--help"], of: program)
            // `columna benchmark --help` is that of columna-bench.
            let example = words == ["benchmark"] ? /USAGE: columna-bench/ : /Examples?:\s+columna\b/
            #expect(help.status == 0 && help.output.contains(example), "\(words): \(help.output)")
        }
    }

    private static let beyond: [(arguments: [String], words: String)] = [
        (["jobs", "list", "--limit=-5"], "'-5' is invalid for '--limit <limit>': expected \(listed)"),
        (["jobs", "list", "--limit", "0"], "'0' is invalid for '--limit <limit>': expected \(listed)"),
        (["dead", "list", "--limit=-5"], "'-5' is invalid for '--limit <limit>': expected \(listed)"),
        (["dead", "requeue", "--limit=-1"], "'-1' is invalid for '--limit <limit>': expected \(listed)"),
        (["deliveries", "list", "--limit=-1"], "'-1' is invalid for '--limit <limit>': expected \(listed)"),
        (["arrivals", "list", "--limit=-1"], "'-1' is invalid for '--limit <limit>': expected \(listed)"),
        (["evaluations", "--limit", "100001"], "'100001' is invalid for '--limit <limit>': expected \(listed)"),
        (["tenants", "limit", "demo", "99999999999"], "expected a whole number from 0 to 2147483647, or none"),
        (["phantom", "x", "--noise=-3"], "expected a number from 0 to 1000"),
        (["phantom", "x", "--spacing", "0.01"], "phantom spacing must be three numbers from 0.2 to 20 mm"),
        (["phantom", "x", "--size", "2"], "phantom size must be three numbers of voxels from 4 to 2048"),
        (["train", "start", "--data-set", "a", "--model", "b", "--epochs", "0"], "expected a whole number from 1"),
        (
            ["train", "start", "--data-set", "a", "--model", "b", "--learning-rate=-1"],
            "expected a number above 0 and below 1"
        ),
        (
            ["train", "start", "--data-set", "a", "--model", "b", "--validation-fraction", "7"],
            "a number from 0 and below 1"
        ),
        (
            ["train", "start", "--data-set", "a", "--model", "b", "--patch", "30"],
            "patch must have three edges divisible by"
        ),
        (["dataset", "split", "a", "--to", "b", "--fraction", "2"], "expected a number from 0 to 1"),
        (["dataset", "split", "a", "--folds", "1"], "expected a whole number from 2 to 1000"),
        (["dataset", "split", "a"], "say --to with the split, --folds with how many folds, or --file"),
        (
            ["dataset", "split", "a", "--to", "b", "--count", "3", "--fraction", "0.5"],
            "say one of --fraction and --count"
        ),
        (["dataset", "split", "a", "--to", "b", "--folds", "5"], "--to names one split, and --folds makes several"),
        (["dataset", "delete", "a"], "say --cases or --all, one of them"),
        (["dataset", "plan", "a", "--memory", "0"], "expected a number from 1 to 1024"),
        (["metrics", "a.nii", "b.nii", "--tolerance=-1"], "expected a number from 0"),
        (["dicom", "echo", "127.0.0.1:99999"], "expected HOST:PORT, where HOST is a name or an IPv4 address"),
        (["dicom", "echo", "127.0.0.1:104", "--called", ""], "expected a title of 1 to 16 printable ASCII characters"),
        (["dicom", "listen", "--folder", "x", "--port", "99999"], "expected a whole number from 0 to 65535"),
        (["dicom", "listen", "--folder", "x", "--associations", "0"], "expected a whole number from 1 to 1000"),
        (["jobs", "watch", "--timeout", "0"], "expected a number above 0"),
        (["jobs", "watch", "--timeout", "nan"], "expected a number above 0"),
        (["workers", "--since", "inf"], "expected a number above 0"),
        (["workers", "--since", "1e300"], "expected a number above 0 and up to 1000000000"),
        (["jobs", "watch", "--timeout", "1e12"], "expected a number above 0 and up to 1000000000"),
        (["submit", "x", "--wait", "--timeout=-1"], "expected a number above 0"),
    ]
    private static let listed = "a whole number from 1 to 100000"

    /// Nothing is asked of a system first: there is none here.
    @Test(arguments: beyond)
    func aNumberBeyondItsBoundsIsWrongUsage(_ arguments: [String], _ words: String) throws {
        let folder = try CommandFolder()
        let result = try Program.run(arguments, in: folder.url)
        #expect(result.status == 64 && result.output.isEmpty && result.errors.contains(words), "\(result.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }
}
