import Anatomy
import ArgumentParser
import Foundation
import JobEngine
import Metrics
import Volumes

/// `columna evaluate`: metrics of two label maps, or the stored ones of a study.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Compare a segmentation with its ground truth, or show a study's stored metrics.",
        discussion: """
            Two label maps are compared here and now, without broker or database. Ratios without a denominator, and all of a class that neither
            map has, are null in JSON and – in the table.

            Examples:
              columna evaluate truth.nii.gz prediction.nii.gz --json
              columna evaluate --study 1b4e28ba-2fa1-41d2-883f-0016d3cca427
            """)

    @Argument(help: "Ground truth (NIfTI).", completion: .file())
    var truth: String?

    @Argument(help: "Segmentation on the same grid (NIfTI).", completion: .file())
    var prediction: String?

    @Option(help: ArgumentHelp("A study that came with a ground truth.", valueName: "id"), transform: Identifier.uuid)
    var study: UUID?

    @Option(help: "The label set: spine-25 or spine-24.")
    var labelSet = "spine-25"

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (study != nil) != (truth != nil && prediction != nil) else {
            throw ValidationError("name TRUTH and PREDICTION, or --study ID")
        }
        guard LabelSet.named(labelSet) != nil else {
            throw ValidationError("--label-set must be one of \(LabelSet.all.map(\.name).joined(separator: ", ")), got '\(labelSet)'")
        }
    }

    func run() async throws {
        let metrics = try await metrics()
        output.show(MetricsPresentation.json(metrics)) { print(MetricsPresentation.table(metrics)) }
    }

    private func metrics() async throws -> [ClassMetrics] {
        if let study {
            let system = try SystemConnection()
            let report = try await StudyReport(study, in: system)
            guard !report.metrics.isEmpty else {
                throw CommandFailure(.failed, "study \(study.uuidString.lowercased()) is \(report.study.state.rawValue) and has no metrics; submit it with --label to have some")
            }
            return report.metrics
        }
        guard let truth, let prediction, let labelSet = LabelSet.named(labelSet) else { return [] }
        return try await OwnThread.run {
            try ClassMetrics.all(
                truth: NIfTI.readLabels(URL(filePath: truth)), prediction: NIfTI.readLabels(URL(filePath: prediction)), labelSet: labelSet)
        }
    }
}
