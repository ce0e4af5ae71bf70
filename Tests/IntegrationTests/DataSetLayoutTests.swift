import Foundation
import Testing
import Volumes

/// Folders of labelled CTs as they are found: what cannot be imported is named, and nothing is left out without a word.
/// Needs no system, as each ends before one is asked.
@Suite struct DataSetLayoutTests {
    private let folder: CommandFolder

    init() throws { folder = try CommandFolder() }

    private func put(_ paths: String..., text: String? = nil) throws {
        for path in paths {
            let file = folder.url.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            if let text {
                try Data(text.utf8).write(to: file)
            } else if path.hasSuffix(".nii.gz") {
                try NIfTI.write(
                    Volume<UInt8>(geometry: Geometry(size: [2, 2, 2], affine: .identity), repeating: 1), to: file)
            } else {
                try Data("NRRD0004\n".utf8).write(to: file)
            }
        }
    }

    /// The command's errors; it must not succeed, nor say that all is there already.
    private func refusal(_ path: String = ".", _ words: [String] = [], status: Int = 65) throws -> String {
        let result = try Program.run(["dataset", "import", path, "--data-set", "d"] + words, in: folder.url)
        #expect(result.status == status, "\(result.errors)")
        #expect(!(result.output + result.errors).contains("has all of these cases already"))
        return result.errors
    }

    /// What stops a good layout here: there is no system to import into.
    private let noSystem = 69

    /// MIC-DKFZ/nnUNet#2925.
    @Test(arguments: ["nrrd", "mha", "png", "tif", "nii.bz2"])
    func nnUNetFoldersInOtherFormatsAreNamed(_ ending: String) throws {
        try put("imagesTr/case1_0000.\(ending)", "labelsTr/case1.\(ending)", "dataset.json")
        #expect(try refusal().contains("labelsTr has 1 file in another format than NIfTI (case1.\(ending))"))
    }

    @Test func oneLabelInAnotherFormatStopsAllOfThem() throws {
        try put(
            "imagesTr/a_0000.nii.gz", "labelsTr/a.nii.gz", "imagesTr/b_0000.nrrd", "labelsTr/b.nrrd",
            "labelsTr/C.NII.GZ")
        #expect(try refusal().contains("labelsTr has 2 files in another format than NIfTI (C.NII.GZ, b.nrrd)"))
    }

    @Test func previewsAndTablesBesideLabelsAreNoLabels() throws {
        try put(
            "imagesTr/a_0000.nii.gz", "labelsTr/a.nii.gz", "labelsTr/a.png", "labelsTr/summary.json",
            "labelsTr/README.md")
        #expect(try refusal(status: noSystem).contains("another format") == false)
    }

    @Test func imagesWithoutLabelsAndOtherChannelsAreTold() throws {
        try put(
            "imagesTr/a_0000.nii.gz", "imagesTr/a_0001.nii.gz", "imagesTr/b_0000.nii.gz", "imagesTr/c_0000.mha",
            "labelsTr/a.nii.gz")
        let told = try refusal(status: noSystem)
        #expect(
            told.contains("1 case (b) has no label in labelsTr and is left out")
                && told.contains("1 images of other channels"))
        #expect(told.contains("imagesTr has 1 file that is no NIfTI (c_0000.mha)"))
    }

    @Test func labelsWithoutImagesAreNamedAndEmptyFoldersRefused() throws {
        try put("labelsTr/b.nii.gz", "imagesTr/c_0000.nii.gz")
        #expect(try refusal().contains("label b has no image imagesTr/b_0000.nii.gz"))
        try put("imagesTr/a_0000.nii.gz", "labelsTr/a.nii.gz")
        // It does not stop the others.
        _ = try refusal(status: noSystem)
        try put("empty/imagesTr/a_0000.nii.gz", "empty/labelsTr/notes.txt")
        #expect(try refusal("empty").contains("labelsTr has no label"))
    }

    @Test func theFolderOfTestImagesIsADataSet() throws {
        try put("imagesTs/a_0000.nii.gz", "labelsTs/a.nii.gz", "imagesTr/b_0000.nii.gz", "labelsTr/b.nii.gz")
        _ = try refusal("imagesTs", ["--split", "test"], status: noSystem)
        #expect(try refusal(status: noSystem).contains("imagesTs is not imported with imagesTr"))
        try put("other/imagesTs/a_0000.nii.gz")
        #expect(try refusal("other/imagesTs").contains("there is no folder labelsTs"))
    }

    @Test func caseFoldersWithoutLabelsOrInOtherFormatsAreTold() throws {
        try put("one/ct.nii.gz", "one/labels.nii.gz", "two/ct.nii.gz")
        #expect(try refusal(status: noSystem).contains("1 case (two) has a CT without labels and is left out"))
        try put("lonely/three/labels.nii.gz")
        #expect(try refusal("lonely").contains("three has labels and no CT"))
        try put("nrrd/four/ct.nrrd", "nrrd/four/labels.nrrd")
        #expect(try refusal("nrrd").contains("four has 2 files in another format than NIfTI"))
        try put("twice/ct.nii.gz", "twice/labels.nii.gz")
        try put("twice/labels.nii", text: "")
        #expect(try refusal("twice").contains("twice has labels.nii.gz and labels.nii"))
    }

    /// anjany/verse: rawdata/sub-*/…_ct.nii.gz with derivatives/sub-*/…_seg-vert_msk.nii.gz.
    @Test func versesFoldersAsPublishedAreKnown() throws {
        try put(
            "rawdata/sub-1/sub-1_ct.nii.gz", "derivatives/sub-1/sub-1_seg-vert_msk.nii.gz",
            "derivatives/sub-1/sub-1_seg-vert_snp.png", "rawdata/sub-2/sub-2_ct.nii.gz")
        let told = try refusal(".", ["--numbering", "verse"], status: noSystem)
        #expect(told.contains("1 case (sub-2) has no label in derivatives and is left out"))
        // Its numbers are VerSe's: 25 is L6 there, the sacrum here.
        #expect(try refusal(status: 64).contains("--numbering verse"))
        // Who names the format says that they are as published.
        _ = try refusal(".", ["--format", "verse-bids"], status: noSystem)
        try put("bare/rawdata/a.txt", "bare/derivatives/sub-3/ses-1/sub-3_ses-1_seg-vert_msk.nii.gz")
        #expect(
            try refusal("bare", ["--numbering", "verse"]).contains("has no image sub-3_ses-1_ct.nii.gz in rawdata"))
        try put(
            "all/01_training/rawdata/a/a_ct.nii.gz", "all/01_training/derivatives/a/a_seg-vert_msk.nii.gz",
            "all/02_test/rawdata/b/b_ct.nii.gz")
        try put("all/02_test/derivatives/b/b_seg-vert_msk.nii.gz")
        _ = try refusal("all", ["--numbering", "verse"], status: noSystem)
    }

    @Test(arguments: [
        (#"{"labels": {"background": 0, "L5": 1, "L4": 2}}"#, "label 1 'L5', which spine has for C1"),
        (
            #"{"labels": {"0": "background", "1": "C1", "26": "vertebrae_L6"}}"#,
            "label 26 'vertebrae_L6', which spine does not have"
        ),
    ])
    func labelsThatDatasetJSONCallsOtherwiseAreNotGuessed(_ json: String, _ reason: String) throws {
        try put("imagesTr/a_0000.nii.gz", "labelsTr/a.nii.gz")
        try put("dataset.json", text: json)
        #expect(try refusal().contains(reason))
        _ = try refusal(".", ["--numbering", "verse"], status: noSystem)
        try put("dataset.json", text: #"{"labels": {"background": 0, "vertebrae_C1": 1, "sacrum": 25}}"#)
        _ = try refusal(status: noSystem)
    }

    /// A checkout of a data set in git-annex whose files were not fetched.
    @Test func linksToFilesThatAreNotHereAreNamed() throws {
        try put("labelsTr/a.nii.gz", "imagesTr/none.txt")
        try FileManager.default.createSymbolicLink(
            atPath: folder.url.appending(path: "imagesTr/a_0000.nii.gz").path,
            withDestinationPath: "../.git/annex/objects/Xy/MD5E-s7--1.nii.gz")
        #expect(try refusal().contains("git annex get"))
    }
}
