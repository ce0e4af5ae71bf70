import ArgumentParser
import Console
import Foundation
import JobEngine
import LocalServices
import Threads

/// `columna local up`: starts what does not run yet.
struct LocalUpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Start the services, bring the schema up to date, start the workers.",
        discussion: """
            What runs already is left alone, so it may be called at any time. Workers whose program was rebuilt are replaced.

            Examples:
              columna local up --input-root /data/studies
              columna local up --replicas inference=2
            """
    )

    @OptionGroup var options: LocalStackOptions

    @Flag(help: "Start PostgreSQL and RabbitMQ, but no workers.")
    var servicesOnly = false

    @Option(
        help: ArgumentHelp(
            "How many workers of a stage, as in inference=2; may be repeated. 0 stops them.", valueName: "stage=n"))
    var replicas: [StageReplicas] = []

    @Option(
        help: ArgumentHelp(
            "A folder studies may be read from; may be repeated. The current folder when none was ever named.",
            valueName: "folder"))
    var inputRoot: [String] = []

    func run() async throws {
        let (stack, request) = (options.stack, try request)
        let environment = try await OwnThread.run { try stack.up(request) }
        print("The local stack in \(environment.directory.path) is up. To use it from a shell:")
        print("  eval \"$(columna local environment --directory '\(options.directory)')\"")
    }

    private var request: LocalRequest {
        get throws {
            let known = (try? LocalEnvironment.load(options.url).inputRoots) ?? []
            let roots = inputRoot.isEmpty && known.isEmpty ? ["."] : inputRoot
            return LocalRequest(
                executables: servicesOnly ? nil : try ProgramFolder.current,
                replicas: Dictionary(replicas.map { ($0.stage, $0.count) }) { $1 },
                inputRoots: roots.map { URL(filePath: $0).standardizedFileURL.resolvingSymlinksInPath().path })
        }
    }
}

/// `stage=count` on the command line.
struct StageReplicas: DescribedArgument {
    static let expectation = "STAGE=COUNT, where STAGE is \(Stage.expectation), and COUNT from 0 to 256"
    let stage: Stage
    let count: Int

    init?(argument: String) {
        let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, let stage = Stage(rawValue: String(parts[0])), let count = Int(parts[1]),
            (0...256).contains(count)
        else { return nil }
        self.stage = stage
        self.count = count
    }
}
