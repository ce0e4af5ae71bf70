import CohortAnalysis
import Documents
import Foundation
import Statistics
import TestSupport
import Testing

/// The published study's own tables (Santos, Bünger, Herzog, Caprara, medRxiv 2024.08.27.24312635): its unpaired
/// p-values follow from its means and deviations, by our Student test, at the count of each class that they imply.
@Suite struct PublishedStudyTests {
    /// Dice of spineCT-ResSegNet and of spineCT-nnUNet (figures 2B and 3B), the p-value (supplementary figure 5), and
    /// the number of the 108 cases that show the class.
    private static let dice: [(name: String, a: (Double, Double), b: (Double, Double), p: Double, n: Int)] = [
        ("C1", (0.807, 0.330), (0.843, 0.303), 0.70459, 22),
        ("C2", (0.891, 0.219), (0.911, 0.220), 0.76732, 21),
        ("C3", (0.891, 0.211), (0.936, 0.086), 0.38920, 19),
        ("C4", (0.896, 0.110), (0.901, 0.170), 0.91825, 20),
        ("C5", (0.647, 0.405), (0.794, 0.271), 0.09377, 32),
        ("C6", (0.737, 0.311), (0.909, 0.086), 0.00029, 50),
        ("C7", (0.812, 0.222), (0.923, 0.148), 0.00100, 65),
        ("T1", (0.883, 0.159), (0.933, 0.164), 0.07743, 66),
        ("T2", (0.892, 0.215), (0.916, 0.208), 0.50221, 67),
        ("T3", (0.811, 0.277), (0.889, 0.264), 0.09918, 67),
        ("T4", (0.804, 0.282), (0.878, 0.274), 0.12399, 66),
        ("T5", (0.830, 0.267), (0.921, 0.194), 0.03212, 62),
        ("T6", (0.782, 0.311), (0.894, 0.196), 0.01649, 63),
        ("T7", (0.816, 0.259), (0.885, 0.227), 0.09539, 71),
        ("T8", (0.879, 0.195), (0.934, 0.154), 0.06248, 72),
        ("T9", (0.878, 0.229), (0.946, 0.140), 0.02940, 75),
        ("T10", (0.894, 0.223), (0.939, 0.177), 0.16943, 76),
        ("T11", (0.917, 0.171), (0.945, 0.166), 0.30885, 78),
        ("T12", (0.915, 0.166), (0.935, 0.181), 0.49914, 75),
        ("L1", (0.900, 0.198), (0.919, 0.201), 0.57887, 70),
        ("L2", (0.870, 0.211), (0.917, 0.185), 0.18699, 63),
        ("L3", (0.904, 0.162), (0.939, 0.161), 0.24919, 57),
        ("L4", (0.883, 0.211), (0.926, 0.199), 0.25326, 60),
        ("L5", (0.914, 0.134), (0.953, 0.090), 0.06874, 57),
        ("sacrum", (0.956, 0.033), (0.968, 0.035), 0.06283, 56),
    ]

    /// Means and deviations have three decimals, p-values five.
    @Test(arguments: Self.dice.indices) func diceFollowsFromItsFigures(index: Int) {
        let row = Self.dice[index]
        let (a, b) = (
            Moments(count: row.n, mean: row.a.0, standardDeviation: row.a.1),
            Moments(count: row.n, mean: row.b.0, standardDeviation: row.b.1)
        )
        #expect(Rounded(a, b).pValues.contains(row.p), "\(row.name): \(Rounded(a, b).pValues), printed \(row.p)")
        #expect(!Rounded(a.counted(row.n * 2), b.counted(row.n * 2)).pValues.contains(row.p), "\(row.name) twice")
    }

    /// C1, whose p is not blurred by rounding, says its count by itself.
    @Test func aCountFollowsFromOnePValue() throws {
        let row = Self.dice[0]
        let (a, b) = (
            Moments(count: 2, mean: row.a.0, standardDeviation: row.a.1),
            Moments(count: 2, mean: row.b.0, standardDeviation: row.b.1)
        )
        let count = try #require(TestResult.impliedCount(a, b, p: row.p))
        #expect(abs(count - Double(row.n)) < 1)
        let p = try #require(TestResult.student(a.counted(row.n), b.counted(row.n))).p
        #expect(abs(try #require(TestResult.impliedCount(a, b, p: p)) - Double(row.n)) < 1e-6)
    }

    @Test func noCountFitsMeansThatAreAlike() {
        let one = Moments(count: 2, mean: 0.5, standardDeviation: 0.1)
        #expect(TestResult.impliedCount(one, one, p: 0.5) == nil)
        #expect(
            TestResult.impliedCount(one, Moments(count: 2, mean: 0.9, standardDeviation: 0.1), p: 0.9) == nil)
    }

    /// All nine metrics: 218 of 225 p-values are those of one count a class; C5 and C6 do not agree with themselves.
    @Test(.enabled(if: Fixtures.data("paper") != nil)) func theWholeTableAgreesButForTwoClasses() throws {
        let folder = try #require(Fixtures.data("paper"))
        func text(_ name: String) throws -> String {
            try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        }
        let table = try PublishedTable(try text("metrics.csv"), name: "paper", cases: 2)
        let models = ["spineCT-ResSegNet", "spineCT-nnUNet"].map { name in table.models.first { $0.name == name }! }
        var agreeing = 0
        var strangers: [String: Set<String>] = [:]
        for row in Self.dice {
            for record in try DelimitedText(try text("p_values.csv")).records
            where record["comparison"] == "spineCT-ResSegNet vs spineCT-nnUNet" && record["class"] == row.name {
                let metric = try #require(record["metric"])
                let label = try #require(UInt8(exactly: Self.dice.firstIndex { $0.name == row.name }! + 1))
                let place = PublishedTable.Place(metric: metric, label: label)
                guard let a = models[0].figures[place], let b = models[1].figures[place] else { continue }
                let printed = try #require(record["p"].flatMap(Double.init))
                if Rounded(a.counted(row.n), b.counted(row.n)).pValues.contains(printed) {
                    agreeing += 1
                } else {
                    strangers[row.name, default: []].insert(metric)
                }
            }
        }
        #expect(agreeing == 218)
        #expect(
            strangers == [
                "C5": ["kappa", "precision", "sensitivity"],
                "C6": ["boundary_f1", "kappa", "precision", "sensitivity"],
            ])
    }
}

/// Two published figures, and all that their rounding leaves open.
private struct Rounded {
    let a: Moments
    let b: Moments

    init(_ a: Moments, _ b: Moments) { (self.a, self.b) = (a, b) }

    var pValues: ClosedRange<Double> {
        let (distance, half) = (abs(a.mean - b.mean), 0.0005)
        let most = p(max(0, distance - 2 * half), a.standardDeviation + half, b.standardDeviation + half)
        let least = p(
            distance + 2 * half, max(0, a.standardDeviation - half), max(0, b.standardDeviation - half))
        return least - 5e-6...most + 5e-6
    }

    /// 0 without spread, where the means differ.
    private func p(_ distance: Double, _ first: Double, _ second: Double) -> Double {
        TestResult.student(
            Moments(count: a.count, mean: distance, standardDeviation: first),
            Moments(count: b.count, mean: 0, standardDeviation: second))?.p ?? 0
    }
}

extension Moments {
    fileprivate func counted(_ count: Int) -> Moments {
        Moments(count: count, mean: mean, standardDeviation: standardDeviation)
    }
}
