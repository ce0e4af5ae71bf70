import Anatomy
import Faults
import Foundation
import JobEngine
import Operations
import Studies
import TestSupport
import Testing
import Volumes

/// Data sets as people have them: what a folder is taken for, and what of it becomes a case.
@Suite struct DataSetFormatTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func put(_ paths: String..., text: String = "") throws {
        for path in paths {
            let file = folder.url.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            if path.contains(".nii") {
                try NIfTI.write(
                    Volume<UInt8>(geometry: Geometry(size: [2, 2, 2], affine: .identity), repeating: 1), to: file)
            } else {
                try Data(text.utf8).write(to: file)
            }
        }
    }

    private func read(
        _ path: String = "", _ change: (inout DataSetImport) -> Void = { _ in }
    ) throws -> (contents: DataSetContents, remarks: [String]) {
        var order = DataSetImport(dataSet: "d", tenant: "local")
        change(&order)
        var remarks: [String] = []
        let contents = try order.contents(of: folder.url.appending(path: path)) { remarks.append($0) }
        return (contents, remarks)
    }

    private func names(_ contents: DataSetContents) -> [String] { contents.cases.map(\.name) }

    /// Below the folder.
    private func paths(_ one: LabelledCase) -> [String] {
        [one.image, one.label].map {
            String($0.standardizedFileURL.path.dropFirst(folder.url.standardizedFileURL.path.count + 1))
        }
    }

    // MARK: Guessing

    @Test(arguments: [
        ("columna", ["a/ct.nii.gz", "a/labels.nii.gz"]),
        ("totalsegmentator", ["s0000/ct.nii.gz", "s0000/segmentations/vertebrae_L1.nii.gz"]),
        ("nnunet", ["imagesTr/a_0000.nii.gz", "labelsTr/a.nii.gz", "dataset.json"]),
        ("pairs", ["images/a.nii.gz", "labels/a.nii.gz"]), ("pairs", ["a.nii.gz", "a_seg.nii.gz"]),
    ])
    func aClearFolderIsGuessedAndSaid(_ format: String, _ files: [String]) throws {
        for file in files { try put(file) }
        let read = try read()
        #expect(read.remarks.first?.hasSuffix("(--format \(format))") == true, "\(read.remarks)")
        #expect(read.contents.cases.count == 1 && read.contents.unreadable.isEmpty)
    }

    @Test func aFolderThatMayBeTwoThingsIsAskedAbout() throws {
        try put("s0000/ct.nii.gz", "s0000/segmentations/vertebrae_L1.nii.gz", "s0000/labels.nii.gz")
        let error = #expect(throws: OperationError.self) { try read() }
        #expect(error?.code == .usage)
        #expect(
            error?.description.contains("(--format columna) or TotalSegmentator's data set (--format totalsegmentator)")
                == true)
        let own = try read { $0.format = .columna }
        #expect(own.contents.cases.map { paths($0)[1] } == ["s0000/labels.nii.gz"])
        let masks = try read { $0.format = .totalSegmentator }
        #expect(masks.contents.cases.map { paths($0)[1] } == ["s0000/segmentations"])
    }

    @Test func whatIsNothingIsRefused() throws {
        try put("notes/readme.txt")
        let error = #expect(throws: OperationError.self) { try read() }
        #expect(error?.code == .badInput && error?.description.contains("no labelled cases in") == true)
        #expect(throws: OperationError.self) { try read("elsewhere") }
    }

    // MARK: TotalSegmentator

    private func putSubjects(_ names: String..., firstSegment: Bool = true, below root: String = "ts") throws {
        for name in names {
            try put("\(root)/\(name)/ct.nii.gz", "\(root)/\(name)/segmentations/vertebrae_L1.nii.gz")
            if firstSegment { try put("\(root)/\(name)/segmentations/vertebrae_S1.nii.gz") }
        }
    }

    /// #268, #394, #193, #24 of wasserth/TotalSegmentator.
    @Test func knownBrokenCasesOfTheReleaseAreLeftOutWithTheirReason() throws {
        try putSubjects("s0001", "s0016", "s0128", "s0184", "s0864")
        let newest = try read("ts")
        #expect(names(newest.contents) == ["s0001", "s0184", "s0864"])
        #expect(newest.contents.knownBroken.map(\.name) == ["s0016", "s0128"])
        #expect(newest.contents.knownBroken.last?.reason == "neighbouring vertebrae are mixed up (#394)")
        #expect(newest.remarks.contains { $0.contains("2 cases of release v2.0.1, which nothing says (--release") })
        #expect(try names(read("ts") { $0.release = .v200 }.contents) == ["s0001"])
        #expect(try names(read("ts") { $0.release = .v1 }.contents) == ["s0001", "s0016", "s0128", "s0184"])
        #expect(try read("ts") { $0.includesKnownBroken = true }.contents.cases.count == 5)
    }

    @Test func theReleaseIsToldByTheFoldersNameAndItsMasks() throws {
        try putSubjects("s0864", "s0001", firstSegment: false, below: "Totalsegmentator_dataset")
        let first = try read("Totalsegmentator_dataset")
        #expect(first.contents.knownBroken.map(\.reason) == ["the CT fails gzip's check sum (#24, #92)"])
        try putSubjects("s0864", "s0071", below: "Totalsegmentator_dataset_v201")
        let second = try read("Totalsegmentator_dataset_v201")
        #expect(names(second.contents) == ["s0864"])
        #expect(second.remarks.contains { $0.hasPrefix("1 case of release v2.0.1 is known to be broken") })
    }

    @Test func theOfficialSplitIsTakenWhenAskedFor() throws {
        try putSubjects("s0000", "s0001", "s0002")
        try put("ts/meta.csv", text: "image_id;age;split\ns0000;44;train\ns0001;;val\ns0002;70;test\n")
        let asked = try read("ts") { $0.takesOfficialSplit = true }
        #expect(asked.contents.cases.map(\.split) == ["train", "val", "test"])
        let plain = try read("ts")
        #expect(plain.contents.cases.allSatisfy { $0.split == nil })
        #expect(plain.remarks.contains("all cases go to train; --split-from meta takes the split of meta.csv"))
        #expect(plain.remarks.contains("meta.csv has an official split (1 test, 1 train, 1 val)"))
    }

    @Test func subjectsWithoutVertebraeOrMasksAreTold() throws {
        try putSubjects("s0000")
        try put("ts/s0001/ct.nii.gz", "ts/s0002/ct.nii.gz", "ts/s0002/segmentations/liver.nii.gz")
        let told = try read("ts")
        #expect(names(told.contents) == ["s0000"])
        #expect(told.remarks.contains("1 case (s0001) has a CT without masks and is left out"))
        #expect(told.remarks.contains("1 case (s0002) has no mask of a vertebra and is left out"))
    }

    // MARK: MONAI

    @Test func aDatalistNamesCasesSplitsAndFolds() throws {
        try put("data/one.nii.gz", "data/two.nii.gz", "data/three.nii.gz", "truth/l1.nii.gz")
        try put(
            "lists/datalist.json",
            text: """
                {"training": [{"image": "../data/one.nii.gz", "label": "../truth/l1.nii.gz", "fold": 1},
                              {"image": "../data/two.nii.gz", "label": "../truth/l1.nii.gz", "fold": 0}],
                 "validation": [{"image": "../data/three.nii.gz", "label": "../truth/l1.nii.gz"}],
                 "test": ["../data/four.nii.gz", {"image": "../data/five.nii.gz"}]}
                """)
        for place in ["lists", "lists/datalist.json"] {
            let list = try read(place)
            #expect(names(list.contents) == ["one", "three", "two"])
            #expect(list.contents.cases.map(\.split) == ["train", "val", "train"])
            #expect(paths(list.contents.cases[1]) == ["data/three.nii.gz", "truth/l1.nii.gz"])
            #expect(list.contents.folds.map(\.validation) == [["two"], ["one"]])
            #expect(list.contents.folds.map(\.training) == [["one"], ["two"]])
            #expect(list.remarks.contains { $0.contains("are listed without labels") })
        }
    }

    @Test func imagesThatAreCalledAlikeAreNamedByTheirFolders() throws {
        try put("a/ct.nii.gz", "a/seg.nii.gz", "b/ct.nii.gz", "b/seg.nii.gz")
        try put(
            "dataset.json",
            text: """
                {"labels": {"0": "background", "20": "L1"},
                 "training": [{"image": "a/ct.nii.gz", "label": "a/seg.nii.gz"}, {"image": "./b/ct.nii.gz", "label": "./b/seg.nii.gz"},
                              {"image": ["a/ct.nii.gz", "b/ct.nii.gz"], "label": "a/seg.nii.gz"}]}
                """)
        let list = try read { $0.format = .monai }
        #expect(names(list.contents) == ["a-ct", "b-ct"] && list.contents.folds.isEmpty)
        #expect(list.contents.unreadable.map(\.name) == ["training[2]"])
    }

    @Test func aDatalistWithOtherNumbersIsNotGuessed() throws {
        try put("a.nii.gz", "b.nii.gz")
        try put(
            "list.json",
            text:
                #"{"labels": {"0": "background", "1": "L5"}, "training": [{"image": "a.nii.gz", "label": "b.nii.gz"}]}"#
        )
        let error = #expect(throws: OperationError.self) { try read("list.json") }
        #expect(error?.description.contains("label 1 'L5', which spine has for C1") == true)
        try put("none.json", text: #"{"training": []}"#)
        #expect(throws: OperationError.self) { try read("none.json") }
        try put("torn.json", text: #"{"training": ["#)
        #expect(throws: OperationError.self) { try read("torn.json") }
    }

    // MARK: Pairs

    @Test func imagesAndLabelsOfOneNameArePairs() throws {
        try put("images/a.nii.gz", "images/b_ct.nii.gz", "images/d.nii.gz")
        try put("labels/a.nii", "labels/b-seg.nii.gz", "labels/c.nii.gz", "labels/a.png")
        let pairs = try read()
        #expect(
            pairs.contents.cases.map(paths) == [
                ["images/a.nii.gz", "labels/a.nii"], ["images/b_ct.nii.gz", "labels/b-seg.nii.gz"],
            ])
        #expect(
            pairs.contents.unreadable == [
                DataSetContents.LeftOut(name: "c", reason: "label c.nii.gz has no image in images")
            ])
        #expect(pairs.remarks.contains("1 case (d) has no label and is left out"))
        let named = try DataSetImport(dataSet: "d", tenant: "local").contents(
            images: folder.url.appending(path: "images"), labels: folder.url.appending(path: "labels")
        ) { _ in }
        #expect(names(named) == ["a", "b"])
    }

    @Test func whichOfTwoBelongTogetherIsNotGuessed() throws {
        try put("x.nii.gz", "x_ct.nii.gz", "x_seg.nii.gz", "y.nii.gz", "y_label.nii.gz")
        let pairs = try read()
        #expect(names(pairs.contents) == ["y"])
        #expect(
            pairs.contents.unreadable.first?.reason.hasPrefix("x.nii.gz, x_ct.nii.gz, x_seg.nii.gz have the same")
                == true)
    }

    @Test func aTableNamesPairsAndTheirSplits() throws {
        try put("i/1.nii.gz", "i/2.nii.gz", "t.nii.gz")
        try put(
            "cases.csv",
            text: "image,label,name,split\ni/1.nii.gz,t.nii.gz,first,test\ni/2.nii.gz,t.nii.gz,,\ni/3.nii.gz,,,\n")
        let table = try read("cases.csv")
        #expect(names(table.contents) == ["2", "first"] && table.contents.cases.map(\.split) == [nil, "test"])
        #expect(table.remarks.contains("1 case (line 4) has no image or no label and is left out"))
        for (text, reason) in [
            ("picture,label\n", "has the columns picture, label"),
            ("image,label,split\na,b,Test 1\n", "'Test 1' cannot name"),
            ("image,label,name\na,b,x\nc,d,x\n", "two cases are called x"),
        ] {
            try put("bad.csv", text: text)
            let error = #expect(throws: OperationError.self) { try read("bad.csv") }
            #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
        }
    }

    // MARK: VerSe

    @Test func verseOf2019IsFlatAndNumberedAsPublished() throws {
        try put("verse004.nii.gz", "verse004_seg.nii.gz", "verse005.nii.gz", "verse004_snapshot.png")
        let doubt = #expect(throws: OperationError.self) { try read() }
        #expect(doubt?.code == .usage && doubt?.description.contains("--numbering verse") == true)
        var order = DataSetImport(dataSet: "d", tenant: "local")
        order.format = .verseFlat
        let contents = try order.contents(of: folder.url) { _ in }
        #expect(names(contents) == ["verse004"] && order.numbering == .verse)
    }

    // MARK: Files

    @Test func aFifthOfTheFilesMissingDoesNotStopTheOthers() throws {
        for number in 0..<10 {
            try put("case-\(number)/labels.nii.gz")
            if number % 5 != 0 { try put("case-\(number)/ct.nii.gz") }
        }
        // A link whose file was not fetched.
        try FileManager.default.createSymbolicLink(
            atPath: folder.url.appending(path: "case-5/ct.nii.gz").path, withDestinationPath: ".git/annex/objects/x")
        try put("a b/ct.nii.gz", "a b/labels.nii.gz")
        let read = try read()
        #expect(read.contents.cases.count == 8)
        #expect(read.contents.unreadable.map(\.name) == ["a b", "case-0", "case-5"])
        #expect(read.contents.unreadable[2].reason.contains("git annex get"))
        #expect(read.contents.unreadable[0].reason.contains("cannot name a data set or a case"))
    }
}
