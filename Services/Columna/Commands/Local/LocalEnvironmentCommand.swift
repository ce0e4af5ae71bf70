import ArgumentParser
import Console
import Foundation
import LocalServices

/// `columna local environment`: the variables a shell needs to use the stack.
struct LocalEnvironmentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "environment", abstract: "Print `export COLUMNA_…` lines for a shell's eval.",
        discussion: """
            A shell evaluates them: eval "$(columna local environment)". The exit code is 3 when the stack does not run, or
            there is none.

            Example:
              columna local environment
            """)

    @OptionGroup var options: LocalStackOptions

    func run() async throws {
        let (stack, url) = (options.stack, options.url)
        let (environment, status) = try await options.whereThereIsAStack {
            (try LocalEnvironment.load(url), try stack.status())
        }
        print(environment.shellLines, terminator: "")
        guard status.isRunning else {
            FileHandle.standardError.write(
                Data("columna: this stack does not run; start it with `columna local up`\n".utf8))
            throw ExitCode(CommandFailure.Code.stopped.rawValue)
        }
    }
}
