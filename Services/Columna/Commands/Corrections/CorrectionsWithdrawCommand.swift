import ArgumentParser
import Console
import Documents
import JobEngine
import Operations
import Studies

struct CorrectionsWithdrawCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw", abstract: "Withdraw a correction that was wrong: nothing learns from it any more.",
        discussion: """
            Data sets are made without it from now on, and a round under way that learns from it ends without promoting. What has learned from it already
            stays as it is and is named; a version of it that is promoted is taken back with `columna models rollback`. The labels may be submitted again.

            Example:
              columna corrections withdraw 1b4e28ba-2fa1-41d2-883f-0016d3cca427
            """)

    @Argument(help: "The correction: its id, see `columna corrections list`.")
    var correction: JobID

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let (isNew, learners) = try await SystemConnection().withdrawCorrection(correction)
        output.show([
            "correction": JSONValue(correction.description), "was_withdrawn_before": JSONValue(!isNew),
            "learned_from_it": learners.document,
        ]) {
            print("correction \(correction) \(isNew ? "is" : "was") withdrawn\(isNew ? "" : " before")")
            if !learners.dataSets.isEmpty {
                print("data sets made with it: \(learners.dataSets.joined(separator: ", "))")
            }
            if !learners.versions.isEmpty {
                print("versions trained on them: \(learners.versions.map(\.rawValue).joined(separator: ", "))")
            }
            for version in learners.promoted {
                print("\(version) is promoted: `columna models rollback \(version.name)` takes that back")
            }
        }
    }
}
