import ArgumentParser
import Console
import WorkerRuntime

/// `columna`: the command line of operators, analysts and researchers.
@main
struct Columna: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "columna", abstract: "Spines from CT, by job queue.",
        discussion: """
            Commands that need a system use the one that COLUMNA_DATABASE_URL, COLUMNA_BROKER_URL and COLUMNA_STORAGE name, else the local stack in ./.columna.

            Exit codes: 0 done, 1 failed or nothing of that name, 3 local stack not running, 64 wrong usage, 65 wrong input, 69 service unavailable, 75 not finished in time, 78 wrong setting.
            """,
        version: CodeVersion.release,
        groupedSubcommands: [
            CommandGroup(
                name: "The system:",
                subcommands: [
                    DemoCommand.self, LocalCommand.self, MigrateCommand.self, WorkersCommand.self, TenantsCommand.self,
                    SiteCommand.self,
                    StorageCommand.self, VersionCommand.self,
                ]),
            CommandGroup(
                name: "Studies and jobs:",
                subcommands: [
                    SubmitCommand.self, FetchCommand.self, CorrectionsCommand.self, ArrivalsCommand.self,
                    JobsCommand.self,
                    DeadCommand.self,
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

    static func main() async { await Program.run(Self.self) }
}
