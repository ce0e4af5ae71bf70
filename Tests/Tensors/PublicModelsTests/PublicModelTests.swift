import Cryptography
import Faults
import Foundation
import ModelExchange
import Networks
import Plans
import PublicModels
import PyTorchFiles
import TensorCore
import TestSupport
import Testing

@Suite struct PublicModelTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func model(_ name: String) throws -> PublicModel { try PublicModelCatalogue.shared.model(named: name) }

    /// A SegResNet of the published layout with few filters, as torch.save writes it.
    private func checkpoint(outputs: Int, name: String = "model.pt") throws -> URL {
        let network = SegResNet.Configuration(
            outputChannels: outputs, initialFilters: 8, blocksDown: [1, 2, 2, 4], blocksUp: [1, 1, 1])
        let parameters = Network(configuration: .segResNet(network), seed: 3).parameters
        return try folder.file(name, PyTorchFile.serialized(parameters.named))
    }

    @Test func everyEntryOfTheCatalogueIsWhole() throws {
        let models = PublicModelCatalogue.shared.models
        #expect(Set(models.map(\.name)).count == models.count)
        for model in models {
            #expect(!model.files.isEmpty && model.files.allSatisfy { $0.url.scheme == "https" && $0.megabytes > 0 })
            #expect(model.labels.first == "background" && Set(model.labels).count == model.labels.count)
            for hash in model.files.compactMap(\.hash) {
                #expect(Hexadecimal.bytes(hash.hexadecimal)?.count == hash.algorithm.byteCount, "\(model.name)")
            }
        }
    }

    @Test func whatIsNotInTheCatalogueIsRefusedNamingWhatIs() throws {
        let error = #expect(throws: PublicModelError.self) { try model("wholebody") }
        #expect(error?.code == .unknownModel && error?.description.contains("monailabel-segmentation") == true)
    }

    @Test func organsAreNotTakenForVertebraeBecauseTheyAreAsMany() throws {
        let imported = try model("monailabel-segmentation").read([checkpoint(outputs: 26)])
        let plan = imported.model.plan
        #expect(plan.labelSet == "unnamed-26" && plan.classLabels == nil && plan.intensities == .monaiLabel)
        #expect(imported.source?.labels?.prefix(2) == ["background", "spleen"])
        #expect(imported.source?.publication?.model == "monailabel-segmentation")
        // The same file gives the same bytes; the publication is among them.
        let again = try model("monailabel-segmentation").read([checkpoint(outputs: 26)])
        #expect(try imported.data() == again.data())
        #expect(try ModelSource.inModelFile(imported.data())?.publication == imported.source?.publication)
    }

    @Test func aCheckpointWhoseOutputsDoNotMatchTheTableIsRefused() throws {
        let error = #expect(throws: ModelExchangeError.self) {
            try model("monailabel-segmentation").read([checkpoint(outputs: 25)])
        }
        #expect(error?.description.contains("25 outputs, the label table names 26") == true, "\(error!)")
    }

    // MARK: Whole bodies

    @Test func theCheckpointOfABundleRunsByTheBundlesPlan() throws {
        var bundle = try ModelImport().read(Fixtures.url("bundle/bundle")).model.plan
        var model = try unsigned("wholebody-ct")
        let plan = try model.read([checkpoint(outputs: 105)]).model.plan
        // Its windows and its network are the only differences from the small one of the tests.
        (bundle.patch, bundle.network) = ([96, 96, 96], plan.network)
        #expect(plan == bundle && plan.mergesClasses && plan.labelSet == "spine-25")
        model = try unsigned("wholebody-ct-3mm")
        bundle.spacingInMillimetres = [3, 3, 3]
        #expect(try model.read([checkpoint(outputs: 105)]).model.plan == bundle)
        #expect(throws: ModelExchangeError(.unsupported, "")) { try model.read([checkpoint(outputs: 104)]) }
    }

    /// A bundle in place of its checkpoint has no published hash, and the table's names must be its own.
    @Test func aWholeBundleIsTakenInPlaceOfItsCheckpoint() throws {
        let model = try self.model("wholebody-ct")
        let imported = try model.read([Fixtures.url("bundle/bundle")])
        #expect(imported.model.plan.labelSet == "spine-25" && imported.model.plan.patch == [16, 16, 16])
        #expect(imported.source?.publication?.sha256 == [:])
    }

    /// As the catalogue has it, but for the hash, which no file made here can have.
    private func unsigned(_ name: String) throws -> PublicModel {
        var json = String(decoding: PublicModelCatalogue.json, as: UTF8.self)
        json.replace(/, "hash": \{[^}]*\}/, with: "")
        return try PublicModelCatalogue(json: Data(json.utf8)).model(named: name)
    }

    @Test func aFileThatIsMissingIsNamed() throws {
        let one = try model("monailabel-segmentation")
        let error = #expect(throws: PublicModelError.self) { try one.read([]) }
        #expect(error?.code == .missingFile && error?.description.contains("multilabel.pt is missing") == true)
        #expect(throws: PublicModelError(.missingFile, "")) { try one.read([folder.file("nowhere.pt")]) }
    }

    // MARK: Hashes

    /// A catalogue of one model whose file has this hash.
    private func published(_ algorithm: String, _ hash: String) throws -> PublicModel {
        let json = """
            [{"name": "m", "title": "m", "importer": "monai", "files": [{"url": "https://h/m.pt", "megabytes": 1,
              "hash": {"algorithm": "\(algorithm)", "hexadecimal": "\(hash)"}}],
              "licence": {"name": "l", "text": "https://h/l", "notice": ""}, "spacingInMillimetres": 1,
              "quality": {"statement": "", "source": ""}, "plan": {"labelSet": "x"}, "labels": ["background", "a"]}]
            """
        return try PublicModelCatalogue(json: Data(json.utf8)).models[0]
    }

    /// Of "abc", by the standards (FIPS 180-4, RFC 1321).
    @Test(arguments: [
        ("md5", "900150983cd24fb0d6963f7d28e17f72"), ("sha1", "A9993E364706816ABA3E25717850C26C9CD0D89D"),
        ("sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ]) func aFileIsKnownByThePublishersCheckSum(algorithm: String, hash: String) throws {
        let file = try folder.file("abc", Data("abc".utf8))
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(try published(algorithm, hash).files[0].verified(file) == expected)
        let other = try folder.file("abd", Data("abd".utf8))
        let error = #expect(throws: PublicModelError.self) { try published(algorithm, hash).files[0].verified(other) }
        #expect(error?.code == .wrongFile && error?.description.contains("its publisher states \(hash)") == true)
        #expect(throws: PublicModelError(.wrongFile, "")) { try published(algorithm, hash).read([other]) }
    }

    @Test func whereNobodyStatesAHashTheFirstOneIsTheMeasure() throws {
        let one = try model("monailabel-segmentation")
        let first = try one.read([checkpoint(outputs: 26)])
        let recorded = [try #require(first.source?.publication)]
        try one.requireSame(first, as: recorded)
        try one.requireSame(first, as: [])
        let network = SegResNet.Configuration(outputChannels: 26, initialFilters: 8, blocksDown: [1], blocksUp: [])
        let parameters = Network(configuration: .segResNet(network), seed: 4).parameters
        let second = try one.read([folder.file("other.pt", PyTorchFile.serialized(parameters.named))])
        #expect(throws: PublicModelError(.wrongFile, "")) { try one.requireSame(second, as: recorded) }
    }
}
