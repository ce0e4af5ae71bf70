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
            "Register a model that was made elsewhere: Columna's safetensors, MONAI's .pt or bundle, nnU-Net's model folder, exported zip or checkpoint.",
        discussion: """
            Nothing in the file is run. A model of nnU-Net brings its plan; a .pt of MONAI holds weights only and gets the plan of MONAI Label's
            radiology tasks unless --plan gives another. Of a model with several folds all are imported, each as a version, and the numbered ones also as
            an ensemble, which segments by the mean of their logits as nnU-Net does; --fold names one to be imported alone. Of each fold it is
            checkpoint_final.pth, and checkpoint_best.pth where training has not ended.

            A bundle of MONAI brings its plan in configs/inference.json; what a plan has no word for is refused by name.

            Examples:
              columna models import wholeBody_ct_segmentation_v0.2.5.zip --set displayable_configs#highres=false
              columna models import spine.safetensors --name spine
              columna models import model.pt --name spine --plan plan.json
              columna models import Dataset292_vertebrae/nnUNetTrainer__nnUNetPlans__3d_fullres --orientation RAS
              columna models import Dataset292_vertebrae/nnUNetTrainer__nnUNetPlans__3d_fullres --fold 0
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
        let folds = try await OwnThread.run { try file.folds() }
        guard folds.isEmpty else { return try await importFolds(folds) }
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

    private func importFolds(_ folds: [String]) async throws {
        let (reader, name) = (try file.reader(), try name?.name ?? file.modelName())
        let made: FoldsRegistration
        do {
            made = try await FoldsRegistration(
                folds, of: URL(filePath: file.path), reader, name: name, in: try SystemConnection())
        } catch {
            let failure = CommandFailure(error)
            throw CommandFailure(failure.code, "model \(file.path): \(failure)")
        }
        output.show(made.document) {
            for fold in made.folds {
                print("imported \(fold.made.reference): fold \(fold.name), \(Wording.bytes(fold.byteCount))")
            }
            if let ensemble = made.ensemble {
                let members = ensemble.members.map(\.rawValue).joined(separator: ", ")
                print("made \(ensemble.reference): the ensemble of \(members), with which nnU-Net predicts")
            }
            print(ModelsPromoteCommand.hint(made.reference))
            for text in made.remarks { remark("note: \(text)") }
        }
    }
}
