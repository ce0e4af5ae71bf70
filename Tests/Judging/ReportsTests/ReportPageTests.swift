import Anatomy
import CohortAnalysis
import Faults
import Foundation
import Metrics
import Reports
import Statistics
import Testing
import Volumes

@Suite struct ReportPageTests {
    @Test func thePageIsWellFormedAndItsLinksLeadSomewhere() throws {
        let check = MarkupCheck(try MadeReport().file("report.html"))
        #expect(check.faults == [])
        let ids = check.elements.compactMap { $0.attributes["id"] }
        #expect(Set(ids).count == ids.count)
        let targets = check.elements.flatMap {
            [
                $0.attributes["href"], $0.attributes["data-mesh"].map { "#" + $0 },
                $0.attributes["aria-labelledby"].map { "#" + $0 },
            ]
        }
        .compactMap { $0 }.filter { $0.hasPrefix("#") }
        #expect(targets.count > 20)
        for target in targets { #expect(ids.contains(String(target.dropFirst())), "\(target)") }
        let fills = check.elements.compactMap { $0.attributes["fill"] }.filter { $0.hasPrefix("url(") }
        for fill in fills { #expect(ids.contains(String(fill.dropFirst(5).dropLast())), "\(fill)") }
        #expect(check.elements.first?.attributes["lang"] == "en")
        for element in check.elements where ["img", "canvas"].contains(element.name) {
            #expect(element.attributes["alt"] ?? element.attributes["aria-label"] != nil)
        }
    }

    @Test func thePageFetchesNothing() throws {
        let page = try MadeReport().file("report.html")
        #expect(
            !page.contains("http:") && !page.contains("https:") && !page.contains("//cdn") && !page.contains("@import"))
        let check = MarkupCheck(page)
        for element in check.elements {
            for name in ["src", "href", "data", "action", "srcset", "poster"] {
                guard let value = element.attributes[name] else { continue }
                #expect(value.hasPrefix("#") || value.hasPrefix("data:image/png;base64,"), "\(element.name) \(name)")
            }
            #expect(element.attributes.keys.allSatisfy { !$0.hasPrefix("on") && $0 != "style" }, "\(element.name)")
        }
        let policy = try #require(
            check.elements.first { $0.attributes["http-equiv"] == "Content-Security-Policy" }?.attributes["content"])
        #expect(
            policy.replacing("&#39;", with: "'").hasPrefix("default-src 'none'; img-src data:; script-src 'sha256-"))
        #expect(!policy.contains("unsafe"))
    }

    @Test func valuesAreShownAsTheyWereGiven() throws {
        let page = try MadeReport().file("report.html")
        #expect(page.contains("<b>0.813</b> ± 0.031<small>[0.734, 0.891] n 3</small>"))
        #expect(page.contains("bootstrap 95 % [0.750, 0.860]"))
        #expect(
            page.contains(
                "<b>+0.0213</b></td><td>[0.0100, 0.0500]</td><td>3</td><td><b>0.031</b></td><td>–</td><td><b>0.031</b></td><td>0.063</td><td>0.250</td><td>–</td><td>1.44</td>"
            ))
        // Of L4's 3 × 1000 voxels 600 are called L5; of L5 nothing is found.
        #expect(page.contains("<title>L4 called L5: 20.00 %, 600 voxels</title>"))
        #expect(page.contains("<title>L5 called background: 100.00 %, 1200 voxels</title>"))
        #expect(page.contains("<a href=\"#case-1\">case-001</a>"))
        #expect(page.contains("L5 is missed: 57.0 ml of truth without a voxel predicted."))
    }

    @Test func coloursGoFromRedToBlueWithTheValue() throws {
        var made = MadeReport().report
        let values: [(Double, Int)] = [(0.5, 0), (0.2, 0), (0.75, 5), (0.95, 9), (1, 10)]
        for (value, step) in values {
            var description = MadeReport.described
            description.mean = value
            made.models = [made.models[0]]
            made.models[0].summaries = [MetricSummary(metric: .dice, label: 23, description: description)]
            let folder = FileManager.default.temporaryDirectory.appending(path: "columna-report-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: folder) }
            try ReportWriter.write(made, to: folder)
            let page = try String(contentsOf: folder.appending(path: "report.html"), encoding: .utf8)
            let figures = value.formatted(
                .number.precision(.fractionLength(3)).locale(Locale(identifier: "en_US_POSIX")))
            #expect(
                page.contains(
                    "<td class=\"q\(step)\" title=\"median 0.800, quartiles 0.780 to 0.840, range 0.750 to 0.875, bootstrap 95 % [0.750, 0.860]\"><b>\(figures)</b>"
                ))
        }
    }

    @Test func hostileNamesAreText() throws {
        let hostile = "<script>alert('1')</script>\"&\u{202E}\u{0}"
        var made = MadeReport()
        made.title = hostile
        made.modelNames = [hostile + "a", hostile + "b"]
        made.caseNames = [hostile, "x\" onload=\"alert(1)", "</title></style></svg>"]
        made.factValue = hostile
        made.reasonText = hostile
        let page = try made.file("report.html")
        let check = MarkupCheck(page)
        #expect(check.faults == [])
        #expect(!page.contains("<script>alert") && !page.contains("\u{202E}") && !page.contains("\u{0}"))
        // The report's own two scripts and one mesh per pictured case.
        #expect(check.elements.count { $0.name == "script" } == 4)
        #expect(check.elements.allSatisfy { $0.attributes["onload"] == nil })
        #expect(check.text.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;"))
    }

    /// The only words of a page that are not the project's own are the names, facts and reasons that were given; of
    /// images the pixels, not where the table stood.
    @Test func nothingButNamesAndNumbersEnters() throws {
        func words(_ made: MadeReport) throws -> Set<Substring> {
            let check = MarkupCheck(try made.file("report.html"))
            let attributes = check.elements.flatMap { element in
                ["title", "alt", "aria-label", "value"].compactMap { element.attributes[$0] }
            }
            var text = check.text + attributes.joined(separator: " ")
            for own in [made.title, made.factValue, made.reasonText] + made.caseNames + made.modelNames {
                text = text.replacing(own, with: " ")
            }
            return Set(text.split { !$0.isLetter })
        }
        var other = MadeReport()
        other.caseNames = ["a-1", "b-2", "c-3"]
        other.modelNames = ["one@1", "two@2"]
        (other.title, other.factValue, other.reasonText) = ("Another title", "another value", "Another reason.")
        let (own, changed) = (try words(MadeReport()), try words(other))
        #expect(own.symmetricDifference(changed) == [])
        let page = try MadeReport().file("report.html")
        for place in ["-500", "731"] { #expect(!MarkupCheck(page).text.contains(place)) }
    }

    @Test func equalReportsGiveEqualBytes() throws {
        let folders = try [MadeReport().written(), MadeReport().written()]
        defer { for folder in folders { try? FileManager.default.removeItem(at: folder) } }
        let names = try FileManager.default.contentsOfDirectory(atPath: folders[0].path).sorted()
        #expect(
            names == ["comparison.csv", "confusion.csv", "metrics.csv", "report.html", "report.json", "summary.csv"])
        for name in names {
            let files = try folders.map { try Data(contentsOf: $0.appending(path: name)) }
            #expect(files[0] == files[1], "\(name)")
        }
    }

    @Test func aCaseWithoutImagesStillHasItsNumbers() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "columna-report-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var seen: [ReportWriter.Progress] = []
        try ReportWriter.write(MadeReport().report, to: folder, progress: { seen.append($0) })
        let page = try String(contentsOf: folder.appending(path: "report.html"), encoding: .utf8)
        #expect(page.contains("The pictures of this case are not available.") && !page.contains("<canvas"))
        #expect(MarkupCheck(page).faults == [])
        #expect(seen.map(\.casesDone) == [0, 1, 2] && seen.allSatisfy { $0.cases == 2 })
    }

    @Test func imagesOnAnotherGridAreRefusedAndNoPageIsLeft() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "columna-report-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let error = #expect(throws: ReportError.self) {
            try ReportWriter.write(
                MadeReport().report, to: folder,
                images: { reference in
                    var images = MadeReport.images(reference)
                    images.prediction = Volume(geometry: Geometry(size: [4, 4, 4], affine: .identity), repeating: 0)
                    return images
                })
        }
        #expect(error?.code == .gridsDiffer)
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "report.html").path))
    }

    @Test func aReportOfNothingIsRefused() throws {
        let error = #expect(throws: ReportError.self) {
            try ReportWriter.write(
                EvaluationReport(title: "", models: [], labelSet: .spine25), to: URL(filePath: "/nonexistent"))
        }
        #expect(error?.code == .nothingToReport)
    }
}
