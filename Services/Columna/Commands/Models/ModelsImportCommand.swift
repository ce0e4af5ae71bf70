import ArgumentParser
import Console
import Documents
import Foundation
import Operations
import Studies
import Threads

/// `columna models import`: models from elsewhere become versions here.
struct ModelsImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract:
            "Register a model that was made elsewhere: Columna's safetensors, MONAI's .pt, nnU-Net's model folder, exported zip or checkpoint.",
        discussion: """
            Nothing in the file is run. A model of nnU-Net brings its plan; a .pt of MONAI holds weights only and gets the plan of MONAI Label's
            radiology tasks unless --plan gives another. Of a model with several folds, --fold names the one to import (else the first).

            Examples:
              columna models import spine.safetensors --name spine
              columna models import model.pt --name spine --plan plan.json
              columna models import Dataset292_vertebrae/nnUNetTrainer__nnUNetPlans__3d_fullres --fold 0 --orientation RAS
            """)

    @OptionGroup var file: ModelImportOptions

    @Option(help: "The model's name; it gets the next version. (default: after the file)")
    var name: ModelReference?

    @OptionGroup var output: OutputOptions

    func run() async throws {
        guard name?.version == nil else {
            throw CommandFailure(.usage, "--name takes no version: the next one is given")
        }
        let file = file
        let (imported, data) = try await OwnThread.run { try file.readWithData() }
        let name = try name?.name ?? file.modelName()
        let system = try SystemConnection()
        let made = try await ModelRegistration(imported, file: data, name: name, in: system)
        output.show(made.document) {
            print("imported \(made.reference): \(file.summary(imported)), \(Wording.bytes(data.count))")
            print(ModelsPromoteCommand.hint(made.reference))
            for text in made.remarks { remark("note: \(text)") }
        }
    }
}
