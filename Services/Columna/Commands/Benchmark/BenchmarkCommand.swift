import ArgumentParser
import Console
import Glibc

/// `columna benchmark …`: becomes the program that measures, which lies beside this one.
struct BenchmarkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark",
        abstract: "Measure the networks on this machine, resampling, metrics, evaluation, and the job engine.",
        discussion: "The same as columna-bench; `columna benchmark --help` lists what it measures.")

    @Argument(parsing: .captureForPassthrough, help: "What to measure, and how.")
    var arguments: [String] = []

    func run() throws {
        let program = try ProgramFolder.current + "/columna-bench"
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        execv(program, &words)
        throw CommandFailure(
            .failed, "\(program) cannot be run (\(String(cString: strerror(errno)))): run `make build`")
    }
}
