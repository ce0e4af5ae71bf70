import Foundation
import Reports
import Testing

@Suite struct TrainingReportTests {
    private static func report(epochs: ClosedRange<Int> = 1...3) -> TrainingReport {
        let made = epochs.map { number in
            var epoch = TrainingReport.Epoch(
                number: number, loss: 2 / Double(number), learningRate: 0.001, seconds: 10)
            epoch.validationDice = number % 2 == 0 ? 0.5 + Double(number) / 100 : nil
            epoch.waitedShare = 0.25
            epoch.validationDiceByClass = number == 2 ? [("L1", 0.625)] : []
            return epoch
        }
        return TrainingReport(
            title: "spine <on> \"lumbar\"", facts: [TrainingReport.Fact("state", "succeeded")], epochs: made,
            bestEpoch: 2,
            remarks: ["it went back to step 7"],
            models: [TrainingReport.Model(name: "spine@1", facts: [TrainingReport.Fact("weights", "best")])],
            cases: [TrainingReport.Case(name: "case-<1>", use: "train", image: "sha256:1", label: "sha256:2")],
            snapshot: "abc", recipe: #"{"epochs": 3}"#, plan: "{}")
    }

    private static func page(_ report: TrainingReport) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "training-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try ReportWriter.write(report, to: folder)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["training.html"])
        return try String(contentsOf: folder.appending(path: "training.html"), encoding: .utf8)
    }

    @Test func thePageIsWellFormedFetchesNothingAndSaysWhatTheRunWas() throws {
        let page = try Self.page(Self.report())
        let check = MarkupCheck(page)
        #expect(check.faults == [])
        #expect(!page.contains("http:") && !page.contains("https:"))
        for said in [
            "it went back to step 7", "spine@1", "case-&lt;1&gt;", "&quot;epochs&quot;: 3", "spine &lt;on&gt;",
            "0.6250",
            "25.0 %",
        ] {
            #expect(page.contains(said), "\(said)")
        }
        #expect(try page == Self.page(Self.report()), "equal reports give equal bytes")
    }

    @Test func aCurveHasAPointForEachEpochThatHasTheValue() throws {
        let check = MarkupCheck(try Self.page(Self.report()))
        let figures = check.elements.filter { $0.name == "svg" && $0.attributes["role"] == "img" }
        #expect(figures.count == 4, "loss, Dice, rate, time")
        #expect(figures[1].attributes["aria-label"] == "Dice over epochs 2 to 2: validation")
        let lines = check.elements.filter { $0.attributes["class"] == "trend" }.compactMap { $0.attributes["d"] }
        let points = lines.map { line in line.count { $0 == "M" || $0 == "L" } }
        #expect(points == [3, 1, 3, 3, 3], "loss; validation Dice; rate; seconds; waiting")
        // The loss falls: each point is lower, and further right.
        let loss = lines[0].split { "ML ".contains($0) }.compactMap { Double($0) }
        #expect(loss[0] < loss[2] && loss[2] < loss[4] && loss[1] < loss[3] && loss[3] < loss[5])
    }

    @Test func aRunWithoutAnEpochHasAReportToo() throws {
        var report = Self.report()
        report.epochs = []
        let page = try Self.page(report)
        #expect(MarkupCheck(page).faults == [] && page.contains("No epoch has ended yet."))
    }
}
