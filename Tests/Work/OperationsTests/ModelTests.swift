import Documents
import Faults
import Foundation
import ModelExchange
import Networks
import Operations
import Plans
import PyTorchFiles
import Studies
import TensorCore
import TestSupport
import Testing

@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct ModelTests {
    /// A model file of few parameters.
    private static func file() throws -> Data {
        var plan = Plan()
        plan.network = .segResNet(SegResNet.Configuration(initialFilters: 8, dropout: 0))
        let parameters = Network(configuration: plan.network, seed: 1).parameters
        return try ModelFile.data(Model(plan: plan, parameters: parameters))
    }

    private static func imported(_ data: Data) throws -> ImportedModel {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
        defer { try? FileManager.default.removeItem(at: file) }
        try data.write(to: file)
        return try ModelImport().read(file)
    }

    @Test func aModelFromElsewhereBecomesAVersionAndIsGivenBackAsItWas() async throws {
        let data = try Self.file()
        try await SystemFixture.with(storage: true) { fixture in
            _ = try await fixture.storeOfItsOwn()
            let imported = try Self.imported(data)
            let made = try await ModelRegistration(imported, file: data, name: "spine", in: fixture.system)
            #expect(made.reference == "spine@1" && made.remarks.isEmpty)
            #expect(made.weights.path != nil)
            let reference = made.reference
            let exported = try await ExportedModel(reference, as: .safetensors, in: fixture.system)
            guard case .file(let bytes) = exported.content else { throw CancellationError() }
            #expect(bytes == data && exported.version.reference == "spine@1")
            let monai = try await ExportedModel(reference, as: .monai, in: fixture.system)
            #expect(monai.remarks.count == 1)
            let stored = try await fixture.system.storedModel(reference)
            let misnamed = await #expect(throws: OperationError.self) {
                _ = try await ModelRegistration(imported, file: data, name: "spine@2", in: fixture.system)
            }
            #expect(misnamed?.code == .usage)
            #expect(
                stored.detail([]).line.hasPrefix(
                    #"{"name": "spine", "version": 1, "reference": "spine@1", "is_promoted": false"#))
        }
    }

    @Test func aNameMeansThePromotedVersion() async throws {
        try await SystemFixture.with { fixture in
            for _ in 1...2 { _ = try await fixture.importModel() }
            let name: ModelReference = "spine"
            let none = await #expect(throws: OperationError.self) { _ = try await fixture.system.model(name) }
            #expect(none?.code == .missing)
            try await fixture.system.promote("spine@2")
            #expect(try await fixture.system.model(name).version == 2)
            let unnamed = await #expect(throws: OperationError.self) { try await fixture.system.promote(name) }
            #expect(unnamed?.code == .usage && unnamed?.description == "say which version: spine@VERSION")
            let missing = await #expect(throws: OperationError.self) {
                try await fixture.system.promote("spine@9")
            }
            #expect(missing?.code == .missing)
            #expect(try await fixture.system.models().map(\.version.reference) == ["spine@2", "spine@1"])
        }
    }

    /// The oracle is what is exported again: fold by fold the weights of the zip, and its folds and no others.
    @Test func allFoldsOfNNUNetAreVersionsAndTheirEnsemble() async throws {
        let (zip, reader) = (Fixtures.url("pytorch/nnunet-plain.zip"), ModelImport())
        #expect(try reader.folds(of: zip) == ["0", "1"])
        var chosen = reader
        chosen.choice.fold = "1"
        #expect(try chosen.folds(of: zip).isEmpty)
        try await SystemFixture.with(storage: true) { fixture in
            _ = try await fixture.storeOfItsOwn()
            let made = try await FoldsRegistration(
                reader.folds(of: zip), of: zip, reader, name: "spine", in: fixture.system)
            #expect(made.folds.map(\.name) == ["0", "1"])
            #expect(made.folds.map(\.made.reference) == ["spine@1", "spine@2"])
            #expect(made.ensemble?.members == ["spine@1", "spine@2"] && made.reference == "spine@3")
            #expect(try await fixture.system.model("spine@3").ensemble?.members.map(\.model) == ["spine@1", "spine@2"])
            let exported = try await ExportedModel("spine@3", as: .nnUNet, in: fixture.system)
            guard case .folder(let folder) = exported.content else { throw CancellationError() }
            for (fold, parameters) in ([folder.parameters] + folder.otherFolds).enumerated() {
                var one = reader
                one.choice.fold = String(fold)
                let original = try one.read(zip).model.network.parameters
                #expect(parameters.names == original.names)
                for name in original.names { #expect(parameters[name].values == original[name].values, "\(name)") }
            }
            #expect(folder.otherFolds.count == 1)
            // The error keeps whose fault it is: a full disk is not the model's.
            let damaged = await #expect(throws: (any Error).self) {
                _ = try await FoldsRegistration(["0", "7"], of: zip, reader, name: "torn", in: fixture.system)
            }
            #expect((damaged as? any Fault)?.description.contains("no fold 7") == true && !(damaged is OperationError))
            #expect(fixture.remarks.last == "imported before it failed: fold 0 as torn@1")
        }
    }

    @Test func weightsThatAreGoneAreNotExported() async throws {
        try await SystemFixture.with(storage: true) { fixture in
            _ = try await fixture.storeOfItsOwn()
            let reference = try await fixture.importModel().reference
            let error = await #expect(throws: OperationError.self) {
                _ = try await ExportedModel(reference, as: .safetensors, in: fixture.system)
            }
            #expect(error?.code == .missing && error?.description.contains("damaged or missing in storage") == true)
        }
    }
}
