package import ArgumentParser
import Foundation
import TensorCore
import WorkerRuntime

/// What the `@main` of the command line and of the benchmarks runs.
package enum Program {
    /// As ArgumentParser's `main`, but errors of commands are one line in the house's wording with an exit code that
    /// scripts can go by.
    package static func run<Root: AsyncParsableCommand>(_ root: Root.Type) async {
        do {
            try requireUnicodeArguments()
            var command = try root.parseAsRoot()
            // Help is for every processor, numbers are not.
            try CPU.requireBaseline()
            _ = try EnvironmentReader(ProcessInfo.processInfo.environment).threads()
            do {
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
            } catch let error as ValidationError {
                remark(usage(root, type(of: command), error))
                Foundation.exit(CommandFailure.Code.usage.rawValue)
            }
        } catch {
            guard !isParsers(error, root) else { root.exit(withError: error) }
            let failure = CommandFailure(error)
            remark("columna: \(failure.description)")
            Foundation.exit(failure.code.rawValue)
        }
    }

    /// In ArgumentParser's words, which knows the command of its own errors only, and would give the root's usage for
    /// what a command says while it runs.
    private static func usage<Root: ParsableCommand>(
        _ root: Root.Type, _ command: any ParsableCommand.Type, _ error: ValidationError
    ) -> String {
        let name = path(to: command, from: root)?.joined(separator: " ") ?? root._commandName
        let usage = root.usageString(for: command).replacingOccurrences(of: "\n", with: "\n       ")
        return "Error: \(error.message)\nUsage: \(usage)\n  See '\(name) --help' for more information."
    }

    private static func path(to command: any ParsableCommand.Type, from root: any ParsableCommand.Type) -> [String]? {
        if root == command { return [root._commandName] }
        for next in root.configuration.subcommands {
            if let rest = path(to: command, from: next) { return [root._commandName] + rest }
        }
        return nil
    }

    /// Swift puts U+FFFD for bytes that are no UTF-8: another file would be read, or written, and two names would
    /// become one.
    private static func requireUnicodeArguments() throws {
        for (index, argument) in CommandLine.arguments.enumerated() {
            guard let bytes = CommandLine.unsafeArgv[index], String(validatingCString: bytes) == nil else { continue }
            throw CommandFailure(
                .usage,
                "argument \(index) is not UTF-8 (\(argument)): give a file or folder of such a name by a link with a plain one (ln -s)"
            )
        }
    }

    /// Help, usage errors and bare exit codes are ArgumentParser's to present.
    private static func isParsers(_ error: any Error, _ root: any ParsableCommand.Type) -> Bool {
        error is ExitCode || error is CleanExit || error is ValidationError || root.exitCode(for: error) != .failure
    }
}
