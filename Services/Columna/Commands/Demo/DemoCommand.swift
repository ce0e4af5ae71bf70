import ArgumentParser
import Foundation

/// `columna demo`: the whole way of one study, on this machine alone.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Start a private system, train a small model on phantoms, and take one study all the way.",
        discussion: """
            Without --study the study is a held-out phantom, published over AMQP as DICOM like a hospital would. A second run reuses the services \
            and the model that the first one trained. Nothing but the folder --directory is touched; `columna local down` ends all processes.

            The model has seen phantoms only: on a patient's CT it shows the way of the data, not a usable segmentation.

            Example:
              columna demo
            """)

    @Option(help: "A DICOM folder or a NIfTI file to segment instead of the phantom.")
    var study: String?

    @Option(help: "Ground truth of the study (NIfTI on the CT's grid, label set spine-25): then metrics are computed.")
    var label: String?

    @Option(help: "The folder for services, storage, phantoms and results.")
    var directory = ".columna"

    @Flag(help: "Train the demo model anew even if there is one.")
    var retrain = false

    func validate() throws {
        if label != nil, study == nil {
            throw ValidationError("--label needs --study: the phantom brings its own labels")
        }
        for path in [study, label].compactMap({ $0 }) where !FileManager.default.fileExists(atPath: path) {
            throw ValidationError("'\(path)' does not exist")
        }
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: directory, isDirectory: &isFolder), !isFolder.boolValue {
            throw ValidationError("--directory must be a folder, '\(directory)' is a file")
        }
    }

    func run() async throws {
        var demo = try await Demo(directory: URL(filePath: directory).standardizedFileURL, files: files)
        let model = try await demo.model(trainingAnew: retrain)
        let submitted = try await demo.submittedFiles()
        let report = try await demo.segment(submitted, with: model)
        let page = try await demo.evaluate(model)
        try await demo.show(report, evaluated: page)
    }

    private var files: Demo.Files? {
        study.map { study in
            Demo.Files(study: Demo.resolved(study), truth: label.map(Demo.resolved))
        }
    }
}
