import ArgumentParser
import Console
import Documents
import Foundation
import JobEngine
import Networks
import Operations
import Planning
import Plans
import TensorCore
import Threads

/// `columna dataset plan`: plans a network for a data set as nnU-Net does.
struct DatasetPlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Plan a network for a data set as nnU-Net does.",
        discussion: """
            A job takes the data set's fingerprint (grids, and intensities of what is labelled) from the volumes as they were imported; it is taken
            once of the same cases. From it and the memory follow spacing, patch, batch and depth. Prepare the cases by the plan, then train.

            Examples:
              columna dataset plan total -o plan.json
              columna dataset plan total --preset resenc-l --memory 16 -o plan.json
              columna dataset plan total --nnunet-folder nnUNet_preprocessed/Dataset900_total
              columna dataset prepare total --plan plan.json --wait
              columna train start --data-set total --model spine --plan plan.json
            """)

    @Argument(help: "The data set's name.")
    var name: String

    @Option(help: "plain, resenc, resenc-m, resenc-l or resenc-xl: nnU-Net's planners.")
    var preset = ExperimentPlanner.Preset.plain

    @Option(
        help:
            "The memory in GB that the network is for, on nnU-Net's scale; the preset's when left out (8, 8, 8, 24, 40).",
        in: .from(1, to: 1024))
    var memory: Double?

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the plan.", valueName: "file"))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "A new folder for nnU-Net's plans.json, dataset.json, dataset_fingerprint.json and splits_final.json.",
            valueName: "folder"))
    var nnunetFolder: String?

    @Option(help: "Whose data set.")
    var tenant: Tenant = "local"

    @OptionGroup var timeout: TimeoutOption

    @OptionGroup var printing: OutputOptions

    func run() async throws {
        try output.map { try OutputFile.requireWritable("--output", $0) }
        try nnunetFolder.map { try OutputFolder.requireNew("--nnunet-folder", $0) }
        let system = try SystemConnection()
        let id = try await DataSetPlanning(dataSet: name, tenant: tenant).place(in: system)
        let job = try await fingerprint(id, system)
        let planned = try await PlannedDataSet(of: job, preset: preset, memoryInGigabytes: memory, in: system)
        try output.map { try planned.plan.json().write(to: URL(filePath: $0), options: .atomic) }
        try nnunetFolder.map { try OutputFolder.write(planned.nnUNetFiles(), to: URL(filePath: $0)) }
        printing.show(planned.document) { show(planned) }
    }

    private func fingerprint(_ id: JobID, _ system: SystemConnection) async throws -> JobRecord {
        let progress = ProgressLine()
        defer { progress.end() }
        let follower = Follower(system, timeoutInSeconds: timeout.seconds) { progress.note("columna: " + $0) }
        let job = try await follower.follow(job: id) { job in
            progress.show(job.progress, "fingerprint: \(job.progressNote)")
        }
        try follower.requireSucceeded(job, "the fingerprint")
        return job
    }

    private func show(_ planned: PlannedDataSet) {
        let (experiment, intensities) = (planned.experiment, planned.fingerprint.intensities)
        var table = TextTable("decision", planned.preset.planner.name)
        table.add("cases", String(planned.cases.count))
        table.add("axes", planned.plan.orientation)
        table.add("spacing in mm", Self.text(experiment.spacingInMillimetres))
        table.add("median image", Self.text(experiment.medianShape))
        table.add("patch", Self.text(experiment.patch))
        table.add("batch", "\(experiment.batchSize)\(experiment.usesBatchDice ? ", Dice over the batch" : "")")
        if let network = experiment.network.uNet {
            table.add("stages", String(network.stages))
            table.add("features", network.features.map(String.init).joined(separator: " "))
            table.add("strides", network.strides.map { Self.text($0) }.joined(separator: "  "))
            table.add("kernels", network.kernels.map { Self.text($0) }.joined(separator: "  "))
            table.add("blocks", network.repeats.map(String.init).joined(separator: " "))
        }
        table.add(
            "HU",
            "clipped to \(Self.text([intensities.percentile0_5, intensities.percentile99_5], " … ")), mean "
                + "\(Self.text([intensities.mean])), standard deviation \(Self.text([intensities.standardDeviation]))")
        table.add(
            "feature maps",
            "\(experiment.featureVoxels / 1_000_000) of \(Int(planned.fittingFeatureVoxels / 1e6)) million voxels that fit"
        )
        table.add("memory here", "\(MemoryPlan.text(planned.trainingBytes)) for a training step of one patch")
        print(table.text)
        if let output { print("wrote \(output): prepare with `columna dataset prepare \(name) --plan \(output)`") }
        guard let nnunetFolder else { return }
        print("wrote \(nnunetFolder)")
        if planned.folds.isEmpty {
            remark(
                "note: there is no splits_final.json: nnU-Net makes no folds of fewer than \(PlannedDataSet.foldCount) cases"
            )
        }
    }

    private static func text(_ values: [Int]) -> String { values.map(String.init).joined(separator: " × ") }

    private static func text(_ values: [Double], _ separator: String = " × ") -> String {
        values.map { value in
            let rounded = (value * 1000).rounded() / 1000
            return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
        }.joined(separator: separator)
    }
}

extension ExperimentPlanner.Preset: DescribedArgument {}
