import Documents
import Faults
import Foundation
import JobEngine
import Learning
import Operations
import Persistence
import Plans
import Studies
import TestSupport
import Testing

/// What is ordered of data sets and models.
@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct OrderTests {
    private static func order(_ plan: Plan = Plan()) -> TrainingOrder {
        TrainingOrder(
            model: "spine", dataSet: SystemFixture.dataSet, tenant: SystemFixture.tenant, plan: plan, recipe: Recipe())
    }

    @Test func aTrainingIsOrderedOverTheCasesThatAreThere() async throws {
        try await SystemFixture.with { fixture in
            try await fixture.importCase("case-1")
            try await fixture.importCase("case-2", split: "test")
            let id = try await Self.order().place(in: fixture.system)
            let job = try #require(try await fixture.store.job(id))
            let parameters = try TrainModel(of: job)
            #expect(job.kind == TrainModel.kind && parameters.cases?.map(\.name) == ["case-1"])
        }
    }

    @Test func aTrainingThatCouldOnlyDieIsNotOrdered() async throws {
        try await SystemFixture.with { fixture in
            let none = await #expect(throws: OperationError.self) {
                _ = try await Self.order().place(in: fixture.system)
            }
            #expect(none?.code == .missing && none?.description.hasSuffix("see `columna dataset list`") == true)
            try await fixture.importCase("case-1")
            var plan = Plan()
            plan.spacingInMillimetres = [2, 2, 2]
            let other = plan
            let stranger = await #expect(throws: OperationError.self) {
                _ = try await Self.order(other).place(in: fixture.system)
            }
            #expect(
                stranger?.description.hasPrefix("1 of 1 case of data set 'lumbar' were preprocessed by another") == true
            )
            #expect(try await fixture.store.jobs(JobFilter(stage: .training)).isEmpty)
        }
    }

    @Test func anOrderHoldsItsRulesWhoeverPlacesIt() async throws {
        try await SystemFixture.with { fixture in
            try await fixture.importCase("case-1")
            var order = Self.order()
            order.model = "spine@3"
            let training = order
            let versioned = await #expect(throws: OperationError.self) {
                _ = try await training.place(in: fixture.system)
            }
            #expect(versioned?.code == .usage && versioned?.description.hasPrefix("'spine@3' names a version") == true)
            let file = URL(filePath: "/data/ct.nii.gz")
            let stranger = LabelledCase(name: "../case", image: file, label: file)
            let unnamed = await #expect(throws: OperationError.self) {
                _ = try await DataSetImport(dataSet: SystemFixture.dataSet, tenant: SystemFixture.tenant)
                    .submit(stranger, in: fixture.system)
            }
            #expect(unnamed?.code == .usage)
            #expect(try await fixture.store.jobs(JobFilter(states: [.queued])).isEmpty)
        }
    }

    @Test func whatATrainingMadeIsToldWithItsEpochs() async throws {
        try await SystemFixture.with { fixture in
            try await fixture.importCase("case-1")
            let id = try await Self.order().place(in: fixture.system)
            let epoch = EpochMetrics(epoch: 1, trainingLoss: 2, validationDice: nil, learningRate: 0.5, seconds: 3)
            let draft = try SystemFixture.draft()
            try await fixture.end(
                .training,
                Completion(outputs: [draft.weights], facts: [try .epochFinished(epoch), try .modelTrained(draft)]))
            var told: [EpochMetrics] = []
            let made = try await Follower(fixture.system).follow(training: id, epoch: { told.append($0) })
            // By the database's clock, from when it was written.
            for index in told.indices { told[index].endedAt = nil }
            #expect(told == [epoch])
            #expect(made.model?.version.reference == "spine@1" && made.epochs.map(\.trainingLoss) == [2])
            #expect(made.document.line.hasPrefix(#"{"job": "\#(id)", "model": {"name": "spine", "version": 1"#))
        }
    }

    @Test func knownCasesAreRefusedLeftOutOrImportedAnew() async throws {
        try await SystemFixture.with { fixture in
            try await fixture.importCase("case-1")
            let folder = URL(filePath: "/data")
            let file = folder.appending(path: "ct.nii.gz")
            let cases = ["case-1", "case-2"].map { LabelledCase(name: $0, image: file, label: file) }
            let contents = DataSetContents(cases: cases)
            let refusing = DataSetImport(dataSet: SystemFixture.dataSet, tenant: SystemFixture.tenant)
            let error = await #expect(throws: OperationError.self) {
                _ = try await refusing.wanted(contents, from: folder, in: fixture.system)
            }
            var order = refusing
            #expect(error?.code == .badInput && error?.description.contains("has case-1 already") == true)
            order.known = .leftOut
            #expect(try await order.wanted(contents, from: folder, in: fixture.system).cases.map(\.name) == ["case-2"])
            order.known = .replaced
            #expect(try await order.wanted(contents, from: folder, in: fixture.system).cases.count == 2)
            let one = ImportedCases.Case(name: "case-1", study: try await order.submit(cases[0], in: fixture.system))
            #expect(try await fixture.store.jobs(JobFilter(study: one.study)).map(\.kind) == [IngestStudy.kind])
            #expect(
                ImportedCases(order, [one]).document.line
                    == #"{"data_set": "lumbar", "tenant": "radiology", "cases": [{"name": "case-1", "study": "\#(one.study)", "state": "submitted", "reason": null}], "arrived_before": 0, "unreadable": [], "known_broken": []}"#
            )
            try await fixture.kill(.ingestion, reason: "no image")
            let states = try await Follower(fixture.system).follow(all: [one.study])
            let ended = try await ImportedCases(order, [one]).ended(states, in: fixture.system)
            #expect(ended.failures.map(\.reason) == ["not-dicom: no image"])
        }
    }

    @Test(arguments: ["", "-a", "a b", String(repeating: "a", count: 65)])
    func whatCannotNameADataSetIsRefused(_ name: String) {
        let error = #expect(throws: OperationError.self) {
            try DataSetImport(dataSet: name, tenant: "local").requireNames()
        }
        #expect(error?.code == .usage)
    }

    @Test func casesAreDrawnByNameAndSeedAlone() async throws {
        try await SystemFixture.with { fixture in
            for number in 1...8 { try await fixture.importCase("case-\(number)") }
            let (dataSet, tenant) = (SystemFixture.dataSet, SystemFixture.tenant)
            func names(_ split: String) async throws -> [String] {
                try await fixture.system.cases(of: dataSet, tenant: tenant).filter { $0.split == split }.map(\.name)
            }
            let test = DataSetSplit(dataSet: dataSet, tenant: tenant, name: "test")
            let count = try await test.assign(.drawn(fraction: 0.5, seed: 7), in: fixture.system)
            let drawn = try await names("test")
            // Computed apart: a draw of a former version is the same one.
            #expect(count == 3 && drawn == ["case-1", "case-3", "case-8"])
            _ = try await DataSetSplit(dataSet: dataSet, tenant: tenant, name: "train").assign(.all, in: fixture.system)
            try await fixture.importCase("case-9")
            _ = try await test.assign(.drawn(fraction: 0.5, seed: 7), in: fixture.system)
            #expect(try await names("test").filter { $0 != "case-9" } == drawn)
            let error = await #expect(throws: OperationError.self) {
                _ = try await test.assign(.named(["case-1", "case-x"]), in: fixture.system)
            }
            #expect(error?.code == .badInput && error?.description.contains("has no case case-x;") == true)
        }
    }

    @Test func whoNamesAnotherTenantsDataSetIsToldWhoseItIs() async throws {
        try await SystemFixture.with { fixture in
            try await fixture.importCase("case-1")
            let error = await #expect(throws: OperationError.self) {
                _ = try await DataSetDetail(SystemFixture.dataSet, tenant: "local", in: fixture.system)
            }
            #expect(error?.code == .missing)
            #expect(
                error?.description
                    == "data set 'lumbar' of tenant local has no cases: tenant radiology has one of that name, say --tenant radiology"
            )
        }
    }
}
