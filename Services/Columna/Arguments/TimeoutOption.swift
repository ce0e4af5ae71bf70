import ArgumentParser
import Console

/// `--timeout`, for commands that wait with `--wait`.
struct TimeoutOption: ParsableArguments {
    @Option(
        name: .customLong("timeout"),
        help: ArgumentHelp("With --wait: give up after so long (exit code 75).", valueName: "seconds"),
        in: .seconds)
    var seconds: Double?
}
