import Console
import Foundation
import JobEngine
import Learning
import LocalServices
import Messaging
import Operations
import Phantoms
import Plans
import Studies
import Threads

/// One study from the message to the metrics, on a private system.
struct Demo {
    struct Files: Sendable {
        var study: URL
        var truth: URL?
    }

    let directory: URL
    /// The user's own; nil for the held-out phantom.
    let files: Files?
    let environment: LocalEnvironment
    let system: SystemConnection
    let follower: StudyFollower
    var clock = StageClock()

    /// Starts the private system, or finds it running.
    init(directory: URL, files: Files?) async throws {
        self.directory = directory
        self.files = files
        let folder = directory.appending(path: "demo")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let roots = [folder.resolvingSymlinksInPath(), files?.study, files?.truth].compactMap { $0?.path }
        let request = LocalRequest(executables: try ProgramFolder.current, inputRoots: roots)
        let stack = LocalStack(directory: directory) { remark($0) }
        var clock = StageClock()
        let environment = try await clock.measure("services") { try await OwnThread.run { try stack.up(request) } }
        self.clock = clock
        self.environment = environment
        system = try SystemConnection(
            ProcessInfo.processInfo.environment.merging(environment.environmentVariables) { $1 })
        follower = StudyFollower(system)
    }

    static func resolved(_ path: String) -> URL { URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath() }

    // MARK: Model

    /// The demo model, trained now unless an earlier run did.
    mutating func model(trainingAnew: Bool) async throws -> ModelVersion {
        let planJSON = String(decoding: try DemoRecipe.plan.json(), as: UTF8.self)
        let recipeJSON = String(decoding: try DemoRecipe.recipe.json(), as: UTF8.self)
        let known = try await system.catalog.modelVersions().first {
            $0.name == DemoRecipe.model && $0.planJSON == planJSON && $0.recipeJSON == recipeJSON
        }
        if !trainingAnew, let known {
            remark("Using the model \(known.reference) that an earlier demo trained (--retrain trains anew).")
            try await promote(known)
            return known
        }
        try await importPhantoms(DemoRecipe.trainingSeeds, split: DataSetCase.trainingSplit)
        let id = try await TrainingOrder(
            model: ModelReference(name: DemoRecipe.model), dataSet: DemoRecipe.dataSet, tenant: DemoRecipe.tenant,
            plan: DemoRecipe.plan,
            recipe: DemoRecipe.recipe, priority: .urgent
        ).place(in: system)
        let job = try await follower.follow(job: id)
        guard job.state == .succeeded,
            let version = try await system.catalog.models(of: job.id).first
        else {
            throw CommandFailure(
                .failed,
                "training is \(job.state.rawValue): \(job.failure?.description ?? "see the logs in \(directory.path)/logs")"
            )
        }
        try await clock.add(job, in: system)
        remark(
            "Trained \(version.reference)\(version.validationDice.map { String(format: ", Dice %.3f on the phantom kept for validation", $0) } ?? "")."
        )
        try await promote(version)
        return version
    }

    /// As whoever trained a model must, before its name alone means it.
    private func promote(_ version: ModelVersion) async throws {
        guard !version.isPromoted else { return }
        try await system.promote(version.reference)
        remark(
            "Promoted it: `\(version.name)` now means \(version.reference) (columna models promote \(version.reference))."
        )
    }

    /// Makes phantoms and takes them through ingestion and preprocessing into the data set.
    mutating func importPhantoms(_ seeds: ClosedRange<UInt64>, split: String) async throws {
        let stopwatch = Stopwatch()
        var order = DataSetImport(dataSet: DemoRecipe.dataSet, tenant: DemoRecipe.tenant)
        order.split = split
        order.plan = DemoRecipe.plan
        order.priority = .routine
        var studies: [StudyID] = []
        for seed in seeds {
            follower.progress.show(nil, "making phantom \(studies.count + 1) of \(seeds.count)")
            let name = "phantom-\(seed)"
            let folder = directory.appending(path: "demo/phantoms/\(name)").resolvingSymlinksInPath()
            try await OwnThread.run {
                try PhantomStudy(seed: seed, configuration: DemoRecipe.phantoms).write(to: folder, format: .nifti)
            }
            let one = LabelledCase(
                name: name, image: PhantomStudy.ctLocation(in: folder, format: .nifti),
                label: PhantomStudy.labelsLocation(in: folder))
            studies.append(try await order.submit(one, in: system))
        }
        let states = try await follower.follow(all: studies)
        guard let failed = states.first(where: { $0.value != .succeeded }) else {
            clock.add("phantoms and import", seconds: stopwatch.seconds, process: nil)
            return remark(
                "Made \(studies.count) labelled phantoms and imported them into the data set \(DemoRecipe.dataSet), split \(split)."
            )
        }
        throw CommandFailure(
            .failed,
            "a phantom's import is \(failed.value.rawValue): see `columna jobs list --study \(failed.key)`"
        )
    }

    // MARK: Study

    /// The user's files, or the held-out phantom as a DICOM series.
    func submittedFiles() async throws -> Files {
        if let files { return files }
        let folder = directory.appending(path: "demo/held-out").resolvingSymlinksInPath()
        follower.progress.show(nil, "making the held-out phantom")
        try await OwnThread.run {
            if FileManager.default.fileExists(atPath: folder.path) { try FileManager.default.removeItem(at: folder) }
            try PhantomStudy(seed: DemoRecipe.heldOutSeed, configuration: DemoRecipe.heldOutPhantom).write(
                to: folder, format: .dicom)
        }
        follower.progress.end()
        return Files(
            study: PhantomStudy.ctLocation(in: folder, format: .dicom), truth: PhantomStudy.labelsLocation(in: folder))
    }

    /// Publishes the study over AMQP, as a hospital does, and follows it to its end.
    mutating func segment(_ files: Files, with model: ModelVersion) async throws -> StudyReport {
        let sender = IntakeSender(
            tenant: DemoRecipe.tenant, source: "columna/demo", messageID: UUID().uuidString.lowercased())
        let submission = StudySubmission(
            sender: sender,
            order: StudyOrder(pipeline: .segment, model: model.reference), priority: .urgent, path: files.study.path,
            labelPath: files.truth?.path)
        let asked = try AskedStudy(submission)
        try await system.submit(asked)
        remark("Published the study over AMQP to columna.intake with routing key study.submitted.\(DemoRecipe.tenant).")
        let study = try await follower.study(asked)
        let state = try await follower.follow(study)
        let report = try await StudyReport(study, in: system)
        guard state == .succeeded else {
            throw CommandFailure(
                .badData,
                "the study is \(state.rawValue): \(report.failures.last?.failure?.description ?? "see `columna dead list`")"
            )
        }
        for job in report.jobs { try await clock.add(job, in: system) }
        return report
    }
}
