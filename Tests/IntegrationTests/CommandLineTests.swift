import DICOMDictionary
import DICOMObjects
import Foundation
import JobEngine
import Phantoms
import Storage
import Studies
import TestSupport
import Testing
import Volumes

/// The built `columna`, run as a person runs it. Nothing here needs a broker or a database.
@Suite struct CommandLineTests {
    @Test func anExportedSegmentationSaysWhatNeedsReview() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "columna-export-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try PhantomStudy(seed: 31, configuration: TinyModel.phantom).write(to: folder, format: .dicom)
        let labels = folder.appending(path: "exchanged.nii.gz")
        // L2 and L4 in each other's place.
        let exchanged = try NIfTI.readLabels(PhantomStudy.labelsLocation(in: folder)).map { (value: UInt8) -> UInt8 in
            value == 21 ? 23 : value == 23 ? 21 : value
        }
        try NIfTI.write(exchanged, to: labels)
        func export(_ more: String...) throws -> (output: String, description: String?) {
            let file = folder.appending(path: "seg.dcm")
            let source = PhantomStudy.ctLocation(in: folder, format: .dicom).path
            let result = try Program.run(
                ["segmentation", "export", labels.path, "--source", source, "-o", file.path, "--model", "spine@3"]
                    + more)
            #expect(result.status == 0, "\(result.errors)")
            return (result.output, try DICOMObject(file: file).dataset.text(.seriesDescription))
        }
        let marked = try export()
        #expect(
            marked.description == "NEEDS REVIEW: segmentation by spine 3"
                && marked.output.contains("marked as needing review"))
        #expect(try export("--unmarked").description == "Segmentation by spine 3")
    }

    @Test func theVersionNamesTheBuildTheSchemaAndTheLibraries() throws {
        let shown = try Program.run(["version", "--json"])
        let facts = try JSONDecoder().decode([String: String].self, from: Data(shown.output.utf8))
        let digest = try ContentAddress.ofFile(at: Program.executable).hex.prefix(12)
        #expect(facts["code_version"] == "\(facts["release"] ?? "")+\(digest)")
        let migrations = try FileManager.default.contentsOfDirectory(
            atPath: Fixtures.packageRoot.appending(path: "Migrations").path)
        #expect(facts["schema"].flatMap { Int($0) } == migrations.compactMap { Int($0.prefix(3)) }.max())
        #expect(facts["openblas"]?.hasPrefix("OpenBLAS ") == true && facts["dicom"]?.hasPrefix("DCMTK ") == true)
        #expect(try Program.run(["--version"]).output == "\(facts["release"] ?? "")\n")
    }

    @Test func theVersionShowsWhatElseThereIsWhereTheMigrationsAreMissing() throws {
        let environment = ["COLUMNA_MIGRATIONS": "/nowhere"]
        let shown = try Program.run(["version", "--json"], environment: environment)
        #expect(shown.status == 78 && shown.errors.contains("COLUMNA_MIGRATIONS names a folder without migrations"))
        let facts = try JSONDecoder().decode([String: String?].self, from: Data(shown.output.utf8))
        #expect(
            facts["schema"] == .some(nil) && facts["release"]??.isEmpty == false && facts["dicom"]??.isEmpty == false)
        let table = try Program.run(["version"], environment: environment)
        #expect(table.status == 78 && table.output.contains(/schema +unknown/), "\(table.output)")
    }

    @Test(arguments: ["abc", "0", "1025"])
    func aWrongNumberOfThreadsIsRefusedAsByWorkers(_ threads: String) throws {
        let folder = try CommandFolder()
        let result = try Program.run(
            ["metrics", "a.nii", "b.nii"], in: folder.url, environment: ["COLUMNA_THREADS": threads])
        let words =
            "columna: COLUMNA_THREADS is '\(threads)', expected an integer from 1 to 1024; "
            + "unset it to use one a processor\n"
        #expect(result.status == 78 && result.errors == words, "\(result.errors)")
    }

    @Test func anUnknownLayerOfAModelIsRefusedByTheOptionThatNamesIt() throws {
        let folder = try CommandFolder()
        try Data().write(to: folder.url.appending(path: "model.pt"))
        let refused = try Program.run(["models", "import", "model.pt", "--activation", "foo"], in: folder.url)
        #expect(refused.status == 64 && refused.errors.contains("--activation must be relu"), "\(refused.errors)")
    }

    @Test func anArgumentThatIsNotUTF8IsRefusedAndNothingIsWrittenUnderAnotherName() throws {
        let folder = try CommandFolder()
        #expect(try Program.run(["phantom", "a", "--levels", "L2-L3", "--spacing", "3"], in: folder.url).status == 0)
        let before = try FileManager.default.subpathsOfDirectory(atPath: folder.url.path)
        let refused = try Program.run(
            script: #"exec "$0" volume convert a/case-0001/ct.nii.gz "$(printf 'M\374ller.nii.gz')""#, in: folder.url)
        #expect(refused.status == 64 && refused.errors.contains("argument 4 is not UTF-8"), "\(refused.errors)")
        #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.url.path) == before)
    }

    @Test func phantomsAreReproducibleAndEvaluatePerfectlyAgainstThemselves() throws {
        let folder = try CommandFolder()
        for name in ["a", "b"] {
            let made = try Program.run(
                ["phantom", name, "--levels", "L2-L3", "--spacing", "3", "--seed", "5"], in: folder.url)
            #expect(made.status == 0, "\(made.errors)")
        }
        #expect(try folder.data("a/case-0001/ct.nii.gz") == folder.data("b/case-0001/ct.nii.gz"))
        let labels = "a/case-0001/labels.nii.gz"
        let evaluated = try Program.run(["metrics", labels, labels, "--json"], in: folder.url)
        let metrics = try JSONDecoder().decode(Metrics.self, from: Data(evaluated.output.utf8))
        #expect(metrics.classes.count == 25)
        let present = try #require(metrics.classes["21"])
        #expect(present.in_truth && present.dice == 1 && present.fp == 0)
        let absent = try #require(metrics.classes["1"])
        #expect(!absent.in_truth && absent.dice == nil && absent.specificity == nil)
        #expect(evaluated.output.contains("\"dice\": null"))
    }

    private struct Metrics: Decodable {
        struct Class: Decodable {
            let in_truth: Bool
            let fp: Int
            let dice: Double?
            let specificity: Double?
        }

        let classes: [String: Class]
    }

    @Test func resamplingWritesTheGridThatInfoReports() throws {
        let folder = try CommandFolder()
        let volume = Volume<Float>(
            geometry: Geometry(size: [8, 6, 4], affine: Affine(spacingInMillimetres: [1, 1, 2])), repeating: 7)
        try NIfTI.write(volume, to: folder.url.appending(path: "in.nii"))
        let resampled = try Program.run(
            ["volume", "resample", "in.nii", "out.nii.gz", "--spacing", "2", "--orientation", "LPS"], in: folder.url)
        #expect(resampled.status == 0, "\(resampled.errors)")
        for words in [
            "from the sform", "from RAS to LPS", "8 voxels of 1 mm → 4 of 2 mm", "as MONAI's Spacing",
            "float32: interpolated values are not whole",
        ] {
            #expect(resampled.output.contains(words), "\(words) is not in \(resampled.output)")
        }
        let header = try NIfTI.readHeader(folder.url.appending(path: "out.nii.gz"))
        #expect(header.geometry.orientation == Orientation("LPS"))
        #expect(header.geometry.spacingInMillimetres == [2, 2, 2])
        let info = try Program.run(["volume", "info", "out.nii.gz", "--json"], in: folder.url)
        #expect(info.output.contains("\"orientation\": \"LPS\"") && info.output.contains("\"minimum\": 7"))
    }

    @Test func theFileToWriteMayBeNamedByAnOption() throws {
        let folder = try CommandFolder()
        let volume = Volume<Float>(
            geometry: Geometry(size: [8, 6, 40], affine: Affine(spacingInMillimetres: [4, 1, 1])), repeating: 7)
        try NIfTI.write(volume, as: .int16, to: folder.url.appending(path: "in.nii"))
        let converted = try Program.run(["volume", "convert", "in.nii", "-o", "out.nii.gz", "--json"], in: folder.url)
        #expect(converted.status == 0 && converted.output.contains("\"voxel_type\": \"int16\""), "\(converted.errors)")
        let cubic = ["--spacing", "1.5", "--interpolation", "cubic", "--convention", "nnunet"]
        let resampled = try Program.run(
            ["volume", "resample", "in.nii", "--output", "out.nii"] + cubic, in: folder.url)
        #expect(resampled.status == 0, "\(resampled.errors)")
        #expect(resampled.output.contains("axis i apart") && resampled.output.contains("as nnU-Net"))
        #expect(try NIfTI.readHeader(folder.url.appending(path: "out.nii")).geometry.size == [21, 4, 27])
    }

    /// Before the work: none of these has a model, or a database, that could be read.
    @Test(arguments: [
        ["segment", "x.nii", "-o", "no/y.nii", "--model", "m"],
        ["segment", "x.nii", "-o", "folder.nii", "--model", "m"],
        ["segment", "x.nii", "-o", "y.nii", "--picture", "no/p.png", "--model", "m"],
        ["models", "export", "a@1", "-o", "no/m.safetensors"], ["models", "convert", "a.pt", "-o", "no/m.safetensors"],
        ["dicom", "convert", "x", "-o", "no/y.nii"], ["segmentation", "import", "x", "-o", "no/y.nii"],
        ["segmentation", "export", "x", "--source", "y", "-o", "no/z.dcm", "--model", "a@1"],
        ["volume", "convert", "x.nii", "no/y.nii"], ["phantom", "text.nii/a"],
    ])
    func aFileThatCannotBeWrittenIsSaidInASentence(_ arguments: [String]) throws {
        let folder = try CommandFolder()
        try Data("no volume".utf8).write(to: folder.url.appending(path: "text.nii"))
        try FileManager.default.createDirectory(
            at: folder.url.appending(path: "folder.nii"), withIntermediateDirectories: false)
        let result = try Program.run(arguments, in: folder.url)
        #expect(result.status == 1 && result.output.isEmpty, "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1 && !result.errors.contains("Error Domain"))
    }

    @Test func anErrorOfFoundationsIsASentence() throws {
        let folder = try CommandFolder()
        let phantom = try Program.run(["phantom", "\(Program.executable.path)/a"], in: folder.url)
        #expect(
            phantom.status == 1 && phantom.errors.hasPrefix("columna: ") && !phantom.errors.contains("Error Domain"),
            "\(phantom.errors)")
        let demo = try Program.run(["demo", "--directory", Program.executable.path], in: folder.url)
        #expect(demo.status == 64 && demo.errors.contains("--directory must be a folder"), "\(demo.errors)")
    }

    @Test(arguments: [
        (["volume", "info", "missing.nii.gz"], 65), (["metrics", "text.nii", "text.nii"], 65),
        (["segment", "x.nii", "-o", "y.nii", "--model", "text.nii"], 65),
        (["volume", "resample", "x.nii", "-o", "y.nii", "--spacing", "-1"], 64),
        (["phantom", "out", "--levels", "L9"], 64),
        (["volume", "resample", "x.nii", "-o", "y.nii", "--spacing", "2", "--labels", "--interpolation", "cubic"], 64),
        (["volume", "resample", "x.nii", "--spacing", "2"], 64),
        (["volume", "convert", "x.nii", "y.nii", "-o", "z.nii"], 64),
        (["volume", "convert", "x.nii", "y.png"], 64),
        (["segment", "x.nii", "-o", "y.nii", "--model", "missing.safetensors"], 65),
        (["jobs", "show", "no-id"], 64), (["jobs", "list"], 69), (["frobnicate"], 64),
        // What is wrong whatever the system has is said before one is looked for.
        (["models", "promote", "spine"], 64), (["tenants", "limit", "Radiology A", "4"], 64),
        (["arrivals", "complete", "no-uid", "--tenant", "radiology"], 64),
        (["submit", "ct.nii", "--pipeline", "import"], 64), (["compare", "a/b", "c", "--data-set", "d"], 64),
        (["storage", "verify", "sha256:12"], 64),
    ])
    func wrongInputEndsWithItsExitCodeAndOneLine(_ arguments: [String], _ status: Int) throws {
        let folder = try CommandFolder()
        try Data("no volume".utf8).write(to: folder.url.appending(path: "text.nii"))
        let result = try Program.run(arguments, in: folder.url)
        #expect(result.status == status, "\(arguments): \(result.errors)")
        #expect(!result.errors.isEmpty && result.output.isEmpty)
        if status != 64 {
            #expect(result.errors.split(separator: "\n").count == 1 && result.errors.hasPrefix("columna: "))
        }
    }
}
