import Foundation
import Metrics
import Reports
import Testing

@Suite struct ReportTablesTests {
    /// RFC 4180.
    private func records(_ csv: String) -> [[String]] {
        var (records, record, field, isQuoted) = ([[String]](), [String](), "", false)
        var characters = Array(csv.unicodeScalars)[...]
        while let next = characters.popFirst() {
            switch next {
            case "\"" where isQuoted && characters.first == "\"": field.unicodeScalars.append(characters.removeFirst())
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: (record, field) = (record + [field], "")
            case "\r" where !isQuoted: break
            case "\n" where !isQuoted: (records, record, field) = (records + [record + [field]], [], "")
            default: field.unicodeScalars.append(next)
            }
        }
        return records
    }

    private func rows(_ file: String, of made: MadeReport = MadeReport()) throws -> [[String: String]] {
        let all = records(try made.file(file))
        for record in all { #expect(record.count == all[0].count) }
        return all.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(all[0], $0)) }
    }

    @Test func metricsHaveALinePerCaseAndClassPresent() throws {
        let rows = try rows("metrics.csv")
        #expect(rows.count == 2 * 3 * 2)
        let (found, missed) = (rows[0], rows[1])
        #expect(
            found["model"] == "spine@3" && found["case"] == "case-001" && found["class"] == "L4"
                && found["label"] == "23")
        #expect(
            found["tp"] == "800" && found["fp"] == "200" && found["dice"] == "0.8" && found["in_prediction"] == "true")
        #expect(missed["class"] == "L5" && missed["dice"] == "0" && missed["in_prediction"] == "false")
        #expect(missed["precision"] == "" && missed["hausdorff"] == "")
        for metric in Metric.allCases {
            #expect(
                found[metric.rawValue].map { Double($0) } == .some(MadeReport.metrics.classes[22][metric]), "\(metric)")
        }
    }

    @Test func summariesAndComparisonsKeepEveryDigit() throws {
        let summaries = try rows("summary.csv")
        #expect(
            summaries[0]["mean"] == "0.8125" && summaries[0]["ci95_low"] == "0.734375" && summaries[0]["n"] == "3"
                && summaries[0]["class"] == "L4")
        #expect(summaries[1]["mean"] == "" && summaries[1]["n"] == "0" && summaries[2]["label"] == "")
        let comparison = try #require(try rows("comparison.csv").first)
        #expect(
            comparison["paired_p"] == "0.03125" && comparison["welch_p"] == "" && comparison["wilcoxon_p"] == "0.25"
                && comparison["effect_size_dz"] == "1.443")
        let confusion = try rows("confusion.csv")
        #expect(
            confusion.contains {
                $0["model"] == "spine@2" && $0["truth_class"] == "L4" && $0["predicted_class"] == "L5"
                    && $0["voxels"] == "600"
            })
    }

    @Test func namesSurviveQuotesAndAreNoFormulas() throws {
        var made = MadeReport()
        made.caseNames = ["a,\"b\"\nc", "=1+1", "plain"]
        let names = Set(try rows("metrics.csv", of: made).compactMap { $0["case"] })
        #expect(names == ["a,\"b\"\nc", "'=1+1", "plain"])
    }

    @Test func jsonHoldsAllWithNulls() throws {
        let text = try MadeReport().file("report.json")
        let root = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(root["title"] as? String == "spine@3 on lumbar, test split" && root["created_at"] is NSNull)
        let models = try #require(root["models"] as? [[String: Any]])
        #expect(models.map { $0["name"] as? String } == ["spine@3", "spine@2"])
        let cases = try #require(models[0]["cases"] as? [[String: Any]])
        let classes = try #require(cases[0]["classes"] as? [String: [String: Any]])
        #expect(classes.count == 25 && cases[0]["kappa"] is NSNull && cases[0]["accuracy"] as? Double == 0.94)
        #expect(
            classes["23"]?["dice"] as? Double == 0.8 && classes["24"]?["precision"] is NSNull
                && classes["1"]?["dice"] is NSNull)
        for metric in Metric.allCases { #expect(classes["23"]?.keys.contains(metric.rawValue) == true) }
        let comparisons = try #require(root["comparisons"] as? [[String: Any]])
        let row = try #require((comparisons[0]["rows"] as? [[String: Any]])?.first)
        #expect((row["paired"] as? [String: Any])?["p"] as? Double == 0.03125 && row["welch"] is NSNull)
    }

    @Test func hostileTextSurvivesJSON() throws {
        var made = MadeReport()
        made.title = "\u{0}\n\"\\</script>\u{2028}é😀"
        let root = try JSONSerialization.jsonObject(with: Data(try made.file("report.json").utf8)) as? [String: Any]
        #expect(root?["title"] as? String == made.title)
    }
}
