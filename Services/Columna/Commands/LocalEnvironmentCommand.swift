import ArgumentParser
import LocalServices

/// `columna local environment`: the variables a shell needs to use the stack.
struct LocalEnvironmentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "environment", abstract: "Print `export COLUMNA_…` lines for a shell's eval.",
        discussion: "eval \"$(columna local environment)\"")

    @OptionGroup var options: LocalStackOptions

    func run() async throws {
        let environment = try LocalEnvironment.load(options.url)
        print(environment.shellLines, terminator: "")
    }
}
