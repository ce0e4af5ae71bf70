import ArgumentParser
import Console
import JobEngine
import Operations

/// The job that is shown, and how.
struct ShownJob: ParsableArguments {
    @Argument(help: "The job's id.")
    var id: JobID

    @OptionGroup var output: OutputOptions

    func detail() async throws -> JobDetail { try await JobDetail(id, in: try SystemConnection()) }

    func show(_ detail: JobDetail) { output.show(detail.document) { detail.show() } }
}
