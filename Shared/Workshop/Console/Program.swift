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
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            guard !isParsers(error, root) else { root.exit(withError: error) }
            let failure = CommandFailure(error)
            remark("columna: \(failure.description)")
            Foundation.exit(failure.code.rawValue)
        }
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
