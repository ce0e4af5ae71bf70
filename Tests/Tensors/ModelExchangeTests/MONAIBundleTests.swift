import Faults
import Foundation
import ModelExchange
import Networks
import Plans
import PyTorchFiles
import TestSupport
import Testing
import Volumes

/// A bundle in the layout of model-zoo's wholeBody_ct_segmentation, made by Tests/Fixtures/bundle/make.py.
@Suite struct MONAIBundleTests {
    private let folder: TemporaryFolder
    private let bundle: URL

    init() throws {
        folder = try TemporaryFolder()
        bundle = folder.file("bundle")
        try FileManager.default.copyItem(at: Fixtures.url("bundle/bundle"), to: bundle)
    }

    private func edit(_ old: String, _ new: String) throws {
        let url = bundle.appending(path: "configs/inference.json")
        let text = try String(contentsOf: url, encoding: .utf8)
        try #require(text.contains(old))
        try Data(text.replacing(old, with: new).utf8).write(to: url)
    }

    @Test func itsConfigurationBecomesThePlan() throws {
        let imported = try ModelImport().read(bundle)
        let plan = imported.model.plan
        #expect(plan.orientation == "RAS" && plan.spacingInMillimetres == [1.5, 1.5, 1.5])
        #expect(plan.interpolation == .linear && plan.resampling == .monai && plan.labelGrid == .network)
        #expect(plan.intensities == .steps([.standardise(nonZero: true), .stretch(lower: -1, upper: 1)]))
        #expect(plan.patch == [16, 16, 16])
        #expect(plan.slidingWindow == WindowPlan(overlap: 0.25))
        #expect(plan.labelSet == "spine-25" && plan.classes == 105 && plan.mergesClasses)
        let labels = try #require(plan.classLabels)
        #expect(labels[18...22] == [24, 23, 22, 21, 20] && labels[23] == 19 && labels[41] == 1 && labels[92] == 25)
        #expect(labels.count { $0 > 0 } == 25)
        #expect(imported.source?.remarks.contains { $0.contains("105 classes 79 are none of spine-25") } == true)
        // The plan comes back as it went into the model file.
        #expect(try Plan(json: plan.json()) == plan)
        #expect(try ModelFile.model(from: imported.data()).plan == plan)
    }

    @Test func valuesOfItsConfigurationCanBeOthers() throws {
        var reader = ModelImport()
        reader.settings = ["displayable_configs#highres": "false"]
        let error = #expect(throws: PyTorchFileError.self) { try reader.read(bundle) }
        #expect(error?.code == .missingTensor && error?.description.contains("models/model_lowres.pt") == true)
        #expect(error?.description.contains("it has model.pt") == true)
        try FileManager.default.moveItem(
            at: bundle.appending(path: "models/model.pt"), to: bundle.appending(path: "models/model_lowres.pt"))
        #expect(try reader.read(bundle).model.plan.spacingInMillimetres == [3, 3, 3])
        reader.settings = ["displayable_configs#lowres": "true"]
        #expect(throws: PyTorchFileError(.malformedSettings, "")) { try reader.read(bundle) }
    }

    @Test func anArchiveIsReadAsAFolderIs() throws {
        let archive = folder.file("bundle.zip")
        let zip = Process()
        zip.executableURL = URL(filePath: "/usr/bin/python3")
        zip.arguments = ["-m", "zipfile", "-c", archive.path, bundle.path]
        try zip.run()
        zip.waitUntilExit()
        #expect(try ModelImport().read(archive).data() == ModelImport().read(bundle).data())
    }

    @Test(arguments: [
        ("\"NormalizeIntensityd\"", "\"HistogramNormalized\"", "HistogramNormalized"),
        ("\"nonzero\": true", "\"nonzero\": true, \"subtrahend\": 3", "subtrahend"),
        ("\"SegResNet\"", "\"UNETR\"", "UNETR"),
        ("\"SlidingWindowInferer\"", "\"SimpleInferer\"", "SimpleInferer"),
        ("\"mode\": \"bilinear\"", "\"mode\": 3", "mode"),
        ("\"AsDiscreted\"", "\"KeepLargestConnectedComponentd\"", "KeepLargestConnectedComponentd"),
        ("\"nearest_interp\": true", "\"nearest_interp\": false", "nearest_interp"),
        ("\"axcodes\": \"RAS\"", "\"axcodes\": \"$open('/etc/passwd').read()\"", "program"),
        ("\"roi_size\"", "\"roi_edges\"", "roi_edges"),
        ("\"axcodes\": \"RAS\"", "\"axcodes\": \"$\(String(repeating: "(", count: 100_000))\"", "program"),
        ("\"axcodes\": \"RAS\"", "\"axcodes\": \"$\(String(repeating: "1 if ", count: 100_000))1\"", "program"),
        ("\"axcodes\": \"RAS\"", "\"axcodes\": \"$1e999\"", "program"),
        ("\"axcodes\": \"RAS\"", "\"axcodes\": \"$1e30\"", "axcodes"),
    ]) func whatPlansHaveNoWordForIsRefusedByName(old: String, new: String, named: String) throws {
        try edit(old, new)
        let error = #expect(throws: (any Error).self) { try ModelImport().read(bundle) }
        #expect(error.map { "\($0)".contains(named) } == true, "\(String(describing: error))")
    }

    @Test func referencesInCirclesEnd() throws {
        try edit("\"$[1.5, 1.5, 1.5] if @displayable_configs#highres else [3.0, 3.0, 3.0]\"", "\"@pixdim\"")
        let error = #expect(throws: PyTorchFileError.self) { try ModelImport().read(bundle) }
        #expect(error?.description.contains("circles") == true)
    }

    /// Each is several times what the next one is.
    @Test(arguments: [
        (8, "[\(Array(repeating: "\"@NEXT\"", count: 10).joined(separator: ", "))]"), (22, "\"$@NEXT + @NEXT\""),
    ]) func referencesThatGrowManifoldEnd(links: Int, value: String) throws {
        let chain = (0..<links).map { "\"a\($0)\": \(value.replacing("NEXT", with: "a\($0 + 1)"))" }
        try edit(
            "\"displayable_configs\": {",
            "\(chain.joined(separator: ", ")), \"a\(links)\": \"RAS\", \"displayable_configs\": {")
        try edit("\"axcodes\": \"RAS\"", "\"axcodes\": \"@a0\"")
        let error = #expect(throws: PyTorchFileError.self) { try ModelImport().read(bundle) }
        #expect(error?.description.contains("more than a million") == true, "\(error?.description ?? "")")
    }

    @Test(arguments: ["[1e30, 16, 16]", "[16.5, 16, 16]", "[16, 16]", "0", "[4097, 16, 16]"])
    func edgesOfWindowsThatAreNoneAreRefused(edges: String) throws {
        let url = bundle.appending(path: "configs/inference.json")
        let text = try String(contentsOf: url, encoding: .utf8)
        let written = try #require(text.firstMatch(of: /"roi_size": \[[^\]]*\]/)).output
        try edit(String(written), "\"roi_size\": \(edges)")
        let error = #expect(throws: ModelExchangeError.self) { try ModelImport().read(bundle) }
        #expect(error?.description.contains("roi_size") == true)
    }

    @Test func aTableOfOtherNamesIsRefused() throws {
        var reader = ModelImport()
        reader.labels = try #require(try ModelImport().read(bundle).source?.labels)
        #expect(try reader.read(bundle).model.plan.labelSet == "spine-25")
        reader.labels?.swapAt(18, 19)
        #expect(throws: ModelExchangeError(.unsupported, "")) { try reader.read(bundle) }
        reader.labels = ["background", "sacrum"]
        #expect(throws: ModelExchangeError(.unsupported, "")) { try reader.read(bundle) }
    }

    @Test func weightsThatDoNotFitTheNetworkAreRefused() throws {
        try edit("\"out_channels\": 105", "\"out_channels\": 104")
        #expect(throws: PyTorchFileError(.shapeMismatch, "")) { try ModelImport().read(bundle) }
    }

    @Test func aPlanBesideItsOwnIsRefused() throws {
        var reader = ModelImport()
        reader.plan = Data("{}".utf8)
        #expect(throws: ModelExchangeError(.unsupported, "")) { try reader.read(bundle) }
    }
}
