import Faults
import Foundation
import JobEngine
import Operations
import Persistence
import Studies
import TestSupport
import Testing

/// Folds as nnU-Net makes them (`Tests/Fixtures/folds/make.py`).
@Suite struct FoldTests {
    private struct Made: Decodable {
        let names: [String]
        let seed: UInt32
        let validation: [[String]]
    }

    private static let made: [Made] =
        (try? JSONDecoder().decode([Made].self, from: Data(contentsOf: Fixtures.url("folds/folds.json")))) ?? []

    @Test func namesAreDividedAsNNUNetDividesThem() throws {
        #expect(Self.made.count == 5)
        for made in Self.made {
            let folds = try DataSetFold.folds(of: made.names.reversed(), count: made.validation.count, seed: made.seed)
            #expect(folds.map(\.validation) == made.validation && folds.map(\.number) == Array(folds.indices))
            for fold in folds {
                #expect(fold.training == made.names.sorted().filter { !fold.validation.contains($0) })
            }
        }
    }

    @Test func fewerThanTwoFoldsOrCasesAreRefused() {
        let one = #expect(throws: OperationError.self) { try DataSetFold.folds(of: ["a", "b"], count: 1) }
        #expect(one?.code == .usage)
        let few = #expect(throws: OperationError.self) { try DataSetFold.folds(of: ["a", "b"], count: 3) }
        #expect(few?.description == "2 cases cannot be divided into 3 folds: each needs one")
    }

    @Test(.enabled(if: TemporaryDatabase.isAvailable))
    func foldsDivideWhatModelsLearnFromAndAreFoundAgain() async throws {
        try await SystemFixture.with { fixture in
            let (system, dataSet, tenant) = (fixture.system, SystemFixture.dataSet, SystemFixture.tenant)
            for number in 0..<12 { try await fixture.importCase(String(format: "case-%02d", number)) }
            try await fixture.importCase("held-out", split: "test")
            let none = await #expect(throws: OperationError.self) {
                _ = try await system.cases(ofFold: 0, of: dataSet, tenant: tenant)
            }
            #expect(none?.description.hasSuffix("make them with `columna dataset split lumbar --folds 5`") == true)
            let made = try await system.makeFolds(3, of: dataSet, tenant: tenant)
            let five = try await system.makeFolds(5, of: dataSet, tenant: tenant)
            #expect(made.count == 3 && five.map(\.validation) == Self.made[0].validation)
            #expect(try await system.catalog.folds(dataSet: dataSet, tenant: tenant) == five)
            #expect(try await system.catalog.folds(dataSet: dataSet, tenant: "local").isEmpty)
            let fold = try await system.cases(ofFold: 0, of: dataSet, tenant: tenant)
            #expect(fold.validation.map(\.name) == ["case-00", "case-03", "case-08"] && fold.training.count == 9)
            let beyond = await #expect(throws: OperationError.self) {
                _ = try await system.cases(ofFold: 5, of: dataSet, tenant: tenant)
            }
            #expect(beyond?.description == "data set 'lumbar' has no fold 5, it has 0, 1, 2, 3, 4")
            // What models are measured on is no fold's.
            _ = try await DataSetSplit(dataSet: dataSet, tenant: tenant, name: "test").assign(
                .named(["case-03"]), in: system)
            let taken = await #expect(throws: OperationError.self) {
                _ = try await system.cases(ofFold: 0, of: dataSet, tenant: tenant)
            }
            #expect(taken?.code == .badInput && taken?.description.contains("has case-03, which is in test") == true)
        }
    }

    /// 964 to learn from and 108 to measure, as a published study has them; which, computed apart.
    @Test func aPublishedDivisionCanBeRepeated() {
        let names = (0..<1072).map { String(format: "s%04d", $0) }
        for (seed, first, last) in [
            (7, ["s0013", "s0018", "s0025", "s0030"], "s1050"), (8, ["s0001", "s0024", "s0039", "s0047"], "s1065"),
        ] as [(UInt64, [String], String)] {
            let drawn = DataSetSplit.drawn(108, of: names.shuffled(), seed: seed).sorted()
            #expect(Set(drawn).count == 108 && Array(drawn.prefix(4)) == first && drawn.last == last)
        }
    }

    @Test(.enabled(if: TemporaryDatabase.isAvailable))
    func soManyCasesAreDrawnAndTheSameOnesAgain() async throws {
        try await SystemFixture.with { fixture in
            let (system, dataSet, tenant) = (fixture.system, SystemFixture.dataSet, SystemFixture.tenant)
            for number in 0..<12 { try await fixture.importCase(String(format: "case-%02d", number)) }
            func drawn(_ count: Int, seed: UInt64) async throws -> [String] {
                _ = try await DataSetSplit(dataSet: dataSet, tenant: tenant, name: "train").assign(.all, in: system)
                let test = DataSetSplit(dataSet: dataSet, tenant: tenant, name: "test")
                #expect(try await test.assign(.counted(count, seed: seed), in: system) == count)
                return try await system.cases(of: dataSet, tenant: tenant).filter { $0.split == "test" }.map(\.name)
            }
            let five = try await drawn(5, seed: 7)
            #expect(try await drawn(5, seed: 7) == five)
            #expect(try await Set(drawn(4, seed: 7)).isSubset(of: five))
            #expect(try await drawn(5, seed: 8) != five)
            try await fixture.importCase("added")
            #expect(try await Set(drawn(5, seed: 7)).intersection(five).count >= 4)
            let many = await #expect(throws: OperationError.self) { _ = try await drawn(14, seed: 7) }
            #expect(many?.description.hasPrefix("data set 'lumbar' has 13 cases in train") == true)
        }
    }

    @Test(.enabled(if: TemporaryDatabase.isAvailable))
    func aFileSaysWhatCasesAreFor() async throws {
        try await SystemFixture.with { fixture in
            let (system, dataSet, tenant) = (fixture.system, SystemFixture.dataSet, SystemFixture.tenant)
            for name in ["s0000", "s0001", "s0002"] { try await fixture.importCase(name) }
            func apply(_ text: String) async throws -> [String?] {
                _ = try await system.apply(SplitFile(Data(text.utf8)), to: dataSet, tenant: tenant)
                return try await system.cases(of: dataSet, tenant: tenant).map(\.split)
            }
            let meta = "image_id;age;split\ns0000;50;val\ns0001;;test\ns0002;61;train\ns0999;1;train\n"
            #expect(try await apply(meta) == ["val", "test", "train"])
            #expect(fixture.remarks == ["data set lumbar has no s0999, which the file names: left out"])
            #expect(
                try await apply(#"{"train": ["s0000", "s0001"], "test": ["s0002"]}"#) == ["train", "train", "test"])
            _ = try await apply(#"[{"train": ["s0001", "gone"], "val": ["s0000"]}]"#)
            #expect(
                try await system.catalog.folds(dataSet: dataSet, tenant: tenant)
                    == [DataSetFold(number: 0, training: ["s0001"], validation: ["s0000"])])
            for text in ["name,split\nother,train\n", #"[{"train": ["gone"], "val": ["s0000"]}]"#] {
                let error = await #expect(throws: OperationError.self) { _ = try await apply(text) }
                #expect(error?.code == .badInput)
            }
        }
    }

    @Test(arguments: [
        ("", "line 1: the table is empty"), ("a,b\n1,2\n", "expected name (or case, image_id) and split"),
        ("name,split\na,train\na,test\n", "it names a twice"),
        ("name,split\na,Train\n", "'Train' cannot name a split"),
        ("name,split\na,\n", "line 2 has no name or no split"), ("{}", "it names no case"), ("[]", "it names no case"),
        (#"{"train": "a"}"#, "expected {"), (#"[{"train": ["a"]}]"#, "expected a list of folds"),
        (#"[{"train": ["a"], "val": ["a"]}]"#, "fold 0 names a twice"),
        (#"[{"train": ["a"], "val": []}]"#, "fold 0 has no case in train or none in val"),
    ])
    func whatSaysNothingOfCasesIsRefusedWithAReason(_ text: String, _ reason: String) {
        let error = #expect(throws: OperationError.self) { _ = try SplitFile(Data(text.utf8)) }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }

    @Test func aDigestNamesCasesAndTheirBytesWhateverTheirOrderOrSplit() throws {
        func made(_ name: String, _ image: Character, _ split: String = "train") -> DataSetCase {
            DataSetCase(
                dataSet: "lumbar", name: name, tenant: "radiology", image: SystemFixture.artifact("i", image),
                label: SystemFixture.artifact("l", "d"), planDigest: "", split: split)
        }
        let digest = try [made("a", "b"), made("b", "c")].digest()
        #expect(try [made("b", "c", "test"), made("a", "b")].digest() == digest)
        #expect(try [made("a", "c"), made("b", "c")].digest() != digest)
        // printf 'a sha256:bb… sha256:dd…\nb sha256:cc… sha256:dd…\n' | sha256sum
        #expect(digest == "846cadf7a49d555bea32d5163424a1d57b4ad05cf58244c42be42faf0f3499ef")
    }
}
