import Foundation
import ModelExchange
import Plans
import TestSupport
import Testing
import Volumes

@Suite struct TotalSegmentatorImportTests {
    private let file = Fixtures.url("totalsegmentator/model.zip")

    @Test func itsOldPlansBecomeThePlanOfItsWay() throws {
        var reader = ModelImport()
        reader.format = .totalSegmentator
        let imported = try reader.read(file)
        let plan = imported.model.plan
        #expect(plan.resampling == .totalSegmentator && plan.interpolation == .linear && plan.labelGrid == .network)
        #expect(plan.slidingWindow.overlap == 0.2 && plan.slidingWindow.mirroring.isEmpty)
        #expect(plan.slidingWindow.convention == .nnUNet)
        #expect(plan.orientation == "SAR" && plan.spacingInMillimetres == [1.5, 1.5, 1.5])
        #expect(plan.intensities == .ct(lower: -180, upper: 1100, mean: 240, deviation: 230))
        #expect(plan.labelSet == "spine-25" && plan.classes == 27 && !plan.mergesClasses)
        #expect(plan.classLabels?.prefix(9) == [0, 25, 25, 24, 23, 22, 21, 20, 19])
        #expect(imported.source?.trainer == "nnUNetTrainerNoMirroring")
        #expect(imported.source?.remarks.contains { $0.hasPrefix("It tells S1 from the rest of the sacrum") } == true)
        #expect(imported.source?.remarks.contains { $0.contains("TotalSegmentator runs it") } == true)
        #expect(imported.source?.remarks.contains { $0.contains("orders") || $0.contains("splines") } == false)
        #expect(try Plan(json: plan.json()) == plan)
    }

    @Test func whateverReaderItsPlansNameItTurnsImagesItself() throws {
        let folder = try TemporaryFolder()
        let unzip = Process()
        unzip.executableURL = URL(filePath: "/usr/bin/python3")
        unzip.arguments = ["-m", "zipfile", "-e", file.path, folder.url.path]
        try unzip.run()
        unzip.waitUntilExit()
        let place =
            "Dataset292_TotalSegmentator_part2_vertebrae_1532subj/nnUNetTrainerNoMirroring__nnUNetPlans__3d_fullres"
        let plans = folder.file(place + "/plans.json")
        let text = try String(contentsOf: plans, encoding: .utf8)
        try Data(text.replacing("NibabelIOWithReorient", with: "SimpleITKIO").utf8).write(to: plans)
        var reader = ModelImport()
        reader.format = .totalSegmentator
        // The whole folder, with what macOS left in it.
        #expect(try reader.read(folder.url).model.plan.orientation == "SAR")
        reader.format = .nnUNet
        #expect(throws: ModelExchangeError.self) { try reader.read(folder.url) }
    }

    @Test func aTableThatIsNotItsOwnIsRefused() throws {
        var reader = ModelImport()
        reader.format = .totalSegmentator
        reader.labels = try #require(try reader.read(file).source?.labels)
        _ = try reader.read(file)
        reader.labels?.swapAt(3, 4)
        #expect(throws: ModelExchangeError.self) { try reader.read(file) }
        reader.labels?.removeLast()
        #expect(throws: ModelExchangeError.self) { try reader.read(file) }
    }
}
