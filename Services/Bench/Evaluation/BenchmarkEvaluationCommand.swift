import ArgumentParser
import Console
import Documents
import Foundation
import Operations

/// `columna-bench evaluation`: cases per minute through the queue.
struct BenchmarkEvaluationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluation", abstract: "Measure how many cases a minute the evaluation workers get through.",
        discussion: """
            It enqueues an evaluation whose label maps are there already, so only evaluation workers may run (`columna local up --services-only`, then
            columna-evaluation). Prints one JSON document, with a digest of all summary rows: runs over the same files must have the same.

            Example:
              columna-bench evaluation labels.nii.gz predicted-1.nii.gz predicted-2.nii.gz --cases 108
            """)

    @Argument(help: "Ground truth (NIfTI).", completion: .file())
    var truth: String

    @Argument(help: "Label maps on its grid (NIfTI), given to the cases in turn.", completion: .file())
    var predictions: [String]

    @Option(help: "How many cases.", in: .from(1, to: 10_000))
    var cases = 108

    func validate() throws {
        for path in [truth] + predictions where !FileManager.default.fileExists(atPath: path) {
            throw ValidationError("'\(path)' does not exist")
        }
        guard !predictions.isEmpty else { throw ValidationError("name at least one prediction") }
    }

    func run() async throws {
        let bench = EvaluationBenchmark(
            system: try SystemConnection(), truth: URL(filePath: truth),
            predictions: predictions.map { URL(filePath: $0) }, cases: cases)
        let result = try await bench.run()
        let document: JSONValue = [
            "cases": JSONValue(cases), "seconds": JSONValue(result.seconds),
            "cases_per_minute": JSONValue(60 * Double(cases) / result.seconds),
            "summary_rows": JSONValue(result.rows), "summary_digest": JSONValue(result.summaryDigest),
        ]
        print(document.line)
    }
}
