import Foundation
import TestSupport
import Testing

/// `columna compare --published`: two tables, or two models of one, without any system.
@Suite struct PublishedComparisonTests {
    private static let table = """
        model,class,metric,mean,standard_deviation
        ours,C1,dice,0.807,0.330
        ours,C2,dice,0.826,0.316
        theirs,C1,dice,0.842,0.292
        theirs,C2,dice,0.852,0.265
        theirs,C2,boundary_f1,0.9,0.1

        """

    private func folder() throws -> CommandFolder {
        let folder = try CommandFolder()
        try Data(Self.table.utf8).write(to: folder.url.appending(path: "paper.csv"))
        return folder
    }

    @Test func twoModelsOfATableAreSetAgainstEachOther() throws {
        let folder = try folder()
        let arguments = ["compare", "ours", "theirs", "--published", "paper.csv", "--cases", "22"]
        let shown = try Program.run(arguments, in: folder.url)
        #expect(shown.status == 0, "\(shown.errors)")
        #expect(shown.output.contains(/C1 +22 +0\.807 ± 0\.330 +22 +0\.842 ± 0\.292 +-0\.0350/), "\(shown.output)")
        #expect(shown.errors.contains("only one of the two has boundary_f1"))
        let json = try Program.run(arguments + ["--json"], in: folder.url)
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        let rows = try #require(document["rows"] as? [[String: Any]])
        #expect(rows.count == 2 && rows.allSatisfy { $0["metric"] as? String == "dice" })
        let student = try #require(rows[0]["student"] as? [String: Any])
        // SciPy: ttest_ind_from_stats(0.807, 0.330, 22, 0.842, 0.292, 22)
        #expect(abs(try #require(student["p"] as? Double) - 0.7113502001126079) < 1e-12)
    }

    @Test(arguments: [
        (["ours", "theirs", "--published", "paper.csv"], 65, "say it for all with --cases, or add a column n"),
        (["ours", "theirs", "--published", "none.csv"], 65, "none.csv cannot be read as UTF-8 text"),
        (["a", "b", "--published", "paper.csv", "--cases", "9"], 64, "neither 'a' nor 'b' is a model of paper.csv"),
        (["ours", "theirs", "--cases", "9"], 64, "name its table with --published FILE"),
        (["ours", "theirs", "--published", "paper.csv", "--cases", "1"], 64, "expected a whole number from 2"),
        (
            ["ours", "theirs", "--published", "paper.csv", "--cases", "9", "--metric", "iou"], 65,
            "have no class and metric in common of iou"
        ),
    ])
    func whatCannotBeComparedIsRefusedInASentence(_ arguments: [String], _ status: Int, _ words: String) throws {
        let folder = try folder()
        let result = try Program.run(["compare"] + arguments, in: folder.url)
        #expect(result.status == status && result.output.isEmpty && result.errors.contains(words), "\(result.errors)")
    }
}
