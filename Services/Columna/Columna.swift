import ArgumentParser
import Foundation
import TensorCore

/// `columna`: the command line of operators, analysts and researchers.
@main
struct Columna: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "columna", abstract: "Spines from CT, by job queue.",
        discussion: """
            Commands that need a system use the one that COLUMNA_DATABASE_URL, COLUMNA_BROKER_URL and COLUMNA_STORAGE name, else the local stack in ./.columna.

            Exit codes: 0 done, 1 failed, 64 wrong usage, 65 wrong input, 69 service unavailable, 75 not finished in time, 78 wrong setting.
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "The system:",
                subcommands: [
                    DemoCommand.self, LocalCommand.self, MigrateCommand.self, WorkersCommand.self, TenantsCommand.self,
                    SiteCommand.self,
                    StorageCommand.self,
                ]),
            CommandGroup(
                name: "Studies and jobs:",
                subcommands: [
                    SubmitCommand.self, FetchCommand.self, ArrivalsCommand.self, JobsCommand.self, DeadCommand.self,
                    DeliveriesCommand.self,
                    LineageCommand.self,
                ]),
            CommandGroup(
                name: "Data sets, models and evaluations:",
                subcommands: [
                    DatasetCommand.self, TrainCommand.self, ModelsCommand.self, EvaluateCommand.self,
                    EvaluationsCommand.self,
                    CompareCommand.self, ReportCommand.self,
                ]),
            CommandGroup(
                name: "At one machine, without broker or database:",
                subcommands: [
                    SegmentCommand.self, MetricsCommand.self, SegmentationCommand.self, VolumeCommand.self,
                    DICOMCommand.self, PhantomCommand.self,
                    NetworkCommand.self, BenchmarkCommand.self,
                ]),
        ])

    /// As ArgumentParser's, but errors of commands are one line in the house's wording with an exit code that scripts
    /// can go by.
    static func main() async {
        do {
            try requireUnicodeArguments()
            var command = try parseAsRoot()
            // Help is for every processor, numbers are not.
            try CPU.requireBaseline()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            guard !isParsers(error) else { exit(withError: error) }
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
    private static func isParsers(_ error: any Error) -> Bool {
        error is ExitCode || error is CleanExit || error is ValidationError || exitCode(for: error) != .failure
    }
}
