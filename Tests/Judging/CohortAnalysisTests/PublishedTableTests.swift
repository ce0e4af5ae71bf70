import CohortAnalysis
import Faults
import Metrics
import Statistics
import Testing

@Suite struct PublishedTableTests {
    private let header = "model,class,metric,mean,standard_deviation\n"

    @Test func figuresStandByModelMetricAndClass() throws {
        let table = try PublishedTable(
            header + "x,C1,dice,0.8,0.1\nx,sacrum,iou,0.5,0\ny,c1,dice,0.9,0.2\n", name: "paper", cases: 20)
        #expect(table.models.map(\.name) == ["x", "y"] && table.metrics == ["dice", "iou"])
        #expect(
            table.models[0].figures == [
                PublishedTable.Place(metric: "dice", label: 1): Moments(count: 20, mean: 0.8, standardDeviation: 0.1),
                PublishedTable.Place(metric: "iou", label: 25): Moments(count: 20, mean: 0.5, standardDeviation: 0),
            ])
        #expect(table.models[1].figures[.init(metric: "dice", label: 1)]?.mean == 0.9)
    }

    @Test func aTableMaySayItsCountsAndLeaveOutTheModel() throws {
        let table = try PublishedTable(
            "class;metric;mean;standard_deviation;n\nL1;dice;0.8;0.1;69\n", name: "paper", cases: nil)
        #expect(table.models.map(\.name) == ["paper"])
        #expect(table.models[0].figures[.init(metric: "dice", label: 20)]?.count == 69)
    }

    @Test(arguments: [
        ("class,metric,mean\n", "there is no column 'standard_deviation'"),
        ("model,class,metric,mean,standard_deviation\n", "a header and no figures"),
        ("class,metric,mean,standard_deviation\nC8,dice,1,0\n", "line 2: 'C8' is no class, expected C1 … C7"),
        ("class,metric,mean,standard_deviation\nC1,,1,0\n", "line 2: the metric is not named"),
        ("class,metric,mean,standard_deviation\nC1,dice,high,0\n", "line 2: mean 'high', expected a number"),
        ("class,metric,mean,standard_deviation\nC1,dice,1,-1\n", "standard_deviation '-1', expected a number of 0"),
        ("class,metric,mean,standard_deviation,n\nC1,dice,1,0,1\n", "line 2: n '1', expected 2 or more"),
        ("class,metric,mean,standard_deviation\nC1,dice,1,0\nc1,dice,1,0\n", "line 3: paper has c1's dice twice"),
        ("class,metric,mean,standard_deviation\nC1,dice,1\n", "line 2: 3 fields, expected 4"),
    ]) func whatIsNoTableIsRefusedWithLineAndValue(text: String, reason: String) {
        let error = #expect(throws: PublishedTableError.self) { try PublishedTable(text, name: "paper", cases: 20) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        #expect(error?.code == .unreadable)
    }

    @Test func figuresWithoutACountNeedOne() {
        let error = #expect(throws: PublishedTableError.self) {
            try PublishedTable(header + "x,C1,dice,0.8,0.1\n", name: "paper", cases: nil)
        }
        #expect(error?.code == .uncounted && error?.description.contains("--cases") == true)
    }

    /// A cohort's figures set against another's give what the cohorts themselves give.
    @Test func momentsGiveTheTestsOfTheirSamples() throws {
        let a = Cohort(cases: [
            .of("p", found: [20: 90, 21: 80]), .of("q", found: [20: 80, 21: 70]), .of("r", found: [20: 75, 21: nil]),
        ])
        let b = Cohort(cases: [
            .of("p", found: [20: 60, 21: 40]), .of("q", found: [20: 80, 21: 60]), .of("r", found: [20: 70, 21: 65]),
            .of("s", found: [20: 65, 21: 10]),
        ])
        let models = [("a", a), ("b", b)].map { name, cohort in
            PublishedTable.Model(name: name, summaries: cohort.summaries(metrics: [.dice], labels: [20, 21]))
        }
        let rows = PublishedComparison.compare(models[0], models[1], metrics: ["dice"])
        let expected = CohortComparison.compare(a, b, labels: [20, 21], metrics: [.dice], bootstrap: nil)
        #expect(rows.map(\.label) == [20, 21])
        for (row, whole) in zip(rows, expected) {
            let (student, welch) = (try #require(row.student), try #require(row.welch))
            #expect(abs(student.p - whole.student!.p) < 1e-12 && abs(welch.p - whole.welch!.p) < 1e-12)
            #expect(row.a.count == whole.a?.n && row.b.count == whole.b?.n)
        }
        let p = rows.map { $0.student!.p }
        #expect(rows.map { $0.studentHolm! } == Holm.adjusted(p).map { $0! } && rows[0].studentHolm! > p.min()!)
    }
}
