import Anatomy
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

/// An import from its order to the cases: it can be given again, and what did not come is told.
@Suite(.enabled(if: TemporaryDatabase.isAvailable))
struct DataSetImportTests {
    private static let (dataSet, tenant) = (SystemFixture.dataSet, SystemFixture.tenant)
    private let folder: TemporaryFolder
    private let order = DataSetImport(dataSet: Self.dataSet, tenant: Self.tenant)

    init() throws { folder = try TemporaryFolder() }

    private func cases(_ names: String...) throws -> DataSetContents {
        DataSetContents(
            cases: try names.map { name in
                let file = folder.file("\(name).nii.gz")
                if !FileManager.default.fileExists(atPath: file.path) { try Data(name.utf8).write(to: file) }
                return LabelledCase(name: name, image: file, label: file)
            })
    }

    private func submit(_ contents: DataSetContents, _ fixture: SystemFixture) async throws -> WantedCases {
        let wanted = try await order.wanted(contents, from: folder.url, in: fixture.system)
        for one in wanted.cases { _ = try await order.submit(one, in: fixture.system) }
        return wanted
    }

    /// Ends the oldest import under way as its jobs would.
    private func arrive(_ name: String, _ fixture: SystemFixture, check: [LabelCheck.Finding]? = nil) async throws {
        for job in try await fixture.store.claimAvailableJobs(ClaimRequest(stage: .ingestion, worker: "w")) {
            let order = try IngestStudy(of: job.record).order
            #expect(order.caseName == name)
            let study = try #require(job.record.study)
            let image = SystemFixture.artifact(ArtifactKind.networkImage.role, "c")
            let label = SystemFixture.artifact(ArtifactKind.networkLabel.role, "d")
            let added = DataSetCase(
                dataSet: Self.dataSet, name: name, tenant: Self.tenant, image: image, label: label,
                planDigest: try Plan().preprocessingSignature())
            var facts = [try Fact.caseAdded(added)]
            if let check {
                let row = LabelCheck.ClassRow(
                    value: 20, name: "L1", voxels: 7, volumeInMillilitres: 1.5, componentCount: 2, isCut: true)
                facts.append(
                    try .labelChecked(
                        LabelCheck(study: study, decisions: ["a", "b"], classes: [row], findings: check)))
            }
            _ = try await fixture.store.completeJobIfRunning(
                job.record.id, token: job.token, completion: Completion(outputs: [image, label], facts: facts))
        }
    }

    @Test func aSecondCallGoesOnWhereTheFirstWasLeft() async throws {
        try await SystemFixture.with { fixture in
            let contents = try cases("a", "b", "c")
            #expect(try await submit(contents, fixture).cases.count == 3)
            try await arrive("a", fixture)
            try await fixture.kill(.ingestion, reason: "torn")
            // "a" is there, "b" is torn, "c" is under way.
            let second = try await submit(contents, fixture)
            #expect(second.cases.map(\.name) == ["b"] && second.underWay.map(\.name) == ["c"])
            #expect(second.arrivedCount == 1)
            #expect(fixture.remarks == ["data set lumbar has 1 of these cases already: left out"])
            try await arrive("c", fixture)
            try await arrive("b", fixture)
            let third = try await submit(contents, fixture)
            #expect(third.cases.isEmpty && third.underWay.isEmpty && third.arrivedCount == 3)
            #expect(fixture.remarks.last == "data set lumbar has all of these cases already")
        }
    }

    @Test func aCaseThatWasCorrectedInPlaceIsNotTakenForTheOldOne() async throws {
        try await SystemFixture.with { fixture in
            let contents = try cases("a")
            _ = try await submit(contents, fixture)
            try Data("corrected".utf8).write(to: folder.file("a.nii.gz"))
            // Nor while the old one is under way.
            for _ in 0..<2 {
                let error = await #expect(throws: OperationError.self) { _ = try await submit(contents, fixture) }
                #expect(
                    error?.code == .badInput && error?.description.contains("has a already, from other files") == true)
                try await arrive("a", fixture)
            }
            var leavingOut = order
            leavingOut.known = .leftOut
            let wanted = try await leavingOut.wanted(contents, from: folder.url, in: fixture.system)
            #expect(wanted.cases.isEmpty && wanted.arrivedCount == 1)
            var renumbered = order
            renumbered.numbering = .verse
            await #expect(throws: OperationError.self) {
                _ = try await renumbered.wanted(contents, from: folder.url, in: fixture.system)
            }
        }
    }

    @Test func aDataSetWhoseCasesDiedDoesNotLookWhole() async throws {
        try await SystemFixture.with { fixture in
            var contents = try cases("a", "b", "c")
            contents.unreadable = [DataSetContents.LeftOut(name: "d", reason: "there is no such file")]
            _ = try await submit(contents, fixture)
            let begun = try await DataSetDetail(Self.dataSet, tenant: Self.tenant, in: fixture.system)
            #expect(begun.cases.isEmpty)
            #expect(begun.progress.sentence == "4 cases were ordered: 3 under way, 1 refused")
            try await arrive("a", fixture)
            try await fixture.kill(.ingestion, reason: "torn")
            let detail = try await DataSetDetail(Self.dataSet, tenant: Self.tenant, in: fixture.system)
            #expect(detail.progress.sentence == "4 cases were ordered: 1 arrived, 1 under way, 1 failed, 1 refused")
            #expect(detail.progress.missing.map(\.name) == ["b", "d"])
            #expect(detail.progress.missing.map(\.reason) == ["not-dicom: torn", "there is no such file"])
            let check = try await DataSetCheck(Self.dataSet, tenant: Self.tenant, in: fixture.system)
            #expect(check.needsReview && check.flagged.isEmpty && check.unchecked == ["a"])
            let listed = try await fixture.system.dataSets(tenant: nil)
            #expect(listed.map(\.caseCount) == [1] && listed.map(\.absentCount) == [3])
            // What came is not taken for missing when it cannot be read another time.
            contents.unreadable = [DataSetContents.LeftOut(name: "a", reason: "gone")]
            contents.cases = []
            _ = try await submit(contents, fixture)
            let orders = try await fixture.system.catalog.imports(dataSet: Self.dataSet, tenant: Self.tenant)
            #expect(orders.first?.state == .arrived)
        }
    }

    @Test func whatWasFoundInTheLabelsIsToldOfTheCasesThatAreThere() async throws {
        try await SystemFixture.with { fixture in
            _ = try await submit(cases("a", "b"), fixture)
            let swapped = LabelCheck.Finding(
                kind: "order-violated", severity: .review, classValues: [20, 21], sentence: "L2 lies above L1")
            let cut = LabelCheck.Finding(
                kind: "cut-by-field-of-view", severity: .information, classValues: [20], sentence: "L1 is cut")
            try await arrive("a", fixture, check: [swapped, cut])
            try await arrive("b", fixture, check: [cut])
            // Made network-ready anew, by a job of no study.
            try await fixture.importCase("b")
            let check = try await DataSetCheck(Self.dataSet, tenant: Self.tenant, in: fixture.system)
            #expect(check.cases.map(\.name) == ["a", "b"] && check.flagged.map(\.name) == ["a"])
            #expect(check.cases[0].check.findings == [swapped, cut] && check.cases[0].flags == [swapped])
            #expect(check.cases[1].check.decisions == ["a", "b"])
            let lumbar = try #require(check.classes.first { $0.name == "L1" })
            #expect(lumbar.cases == 2 && lumbar.whole == 0 && check.classes[0].cases == 0)
            #expect(check.cases[0].check.classes.first?.volumeInMillilitres == 1.5)
            #expect(check.document.line.contains(#""flagged": ["a"]"#))
        }
    }

    @Test func aDataSetMayChangeAndGoWhileItIsTrainedOn() async throws {
        try await SystemFixture.with { fixture in
            for name in ["a", "b"] { try await fixture.importCase(name) }
            let before = try await DataSetDetail(Self.dataSet, tenant: Self.tenant, in: fixture.system)
            let training = TrainingOrder(
                model: "spine", dataSet: Self.dataSet, tenant: Self.tenant, plan: Plan(), recipe: Recipe())
            let id = try await training.place(in: fixture.system)
            var other = Plan()
            other.spacingInMillimetres = [2, 2, 2]
            try await fixture.importCase("b", plan: other)
            _ = try await fixture.system.makeFolds(2, of: Self.dataSet, tenant: Self.tenant)
            let strangers = await #expect(throws: OperationError.self) {
                _ = try await fixture.system.deleteCases(["x"], of: Self.dataSet, tenant: Self.tenant)
            }
            #expect(strangers?.code == .badInput)
            #expect(try await fixture.system.deleteCases(["a"], of: Self.dataSet, tenant: Self.tenant) == 1)
            #expect(try await fixture.system.deleteCases(nil, of: Self.dataSet, tenant: Self.tenant) == 1)
            #expect(try await fixture.system.catalog.folds(dataSet: Self.dataSet, tenant: Self.tenant).isEmpty)
            await #expect(throws: OperationError.self) {
                _ = try await fixture.system.cases(of: Self.dataSet, tenant: Self.tenant)
            }
            // The order has its cases, and their bytes are the store's.
            let job = try #require(try await fixture.store.job(id))
            let cases = try #require(try TrainModel(of: job).cases)
            #expect(cases == before.cases)
            #expect(try cases.digest() == before.whole.digest)
            let draft = try SystemFixture.draft()
            try await fixture.end(
                .training,
                Completion(
                    outputs: [draft.weights], additionalInputs: cases.flatMap { [$0.image, $0.label] },
                    facts: [try .modelTrained(draft)]))
            #expect(try await fixture.store.job(id)?.state == .succeeded)
        }
    }

    /// It is told as long as the case is not there, and is nothing that is missing.
    @Test func casesThatAreKnownToBeBrokenStayKnown() async throws {
        try await SystemFixture.with { fixture in
            var contents = try cases("a")
            contents.knownBroken = [DataSetContents.LeftOut(name: "b", reason: "neighbours are mixed up (#394)")]
            _ = try await submit(contents, fixture)
            try await arrive("a", fixture)
            let progress = try await DataSetDetail(Self.dataSet, tenant: Self.tenant, in: fixture.system).progress
            #expect(progress.knownBroken.map(\.name) == ["b"])
            #expect(progress.knownBroken.map(\.reason) == ["neighbours are mixed up (#394)"])
            #expect(progress.missing.isEmpty)
            #expect(progress.sentence == "2 cases were ordered: 1 arrived, 1 known to be broken")
            #expect(progress.document.line.contains(#""known_broken": [{"name": "b", "reason": "neighbours are"#))
            let check = try await DataSetCheck(Self.dataSet, tenant: Self.tenant, in: fixture.system)
            #expect(!check.needsReview)
            #expect(try await fixture.system.dataSets(tenant: nil).map(\.absentCount) == [0])
            // Whoever takes it all the same has a case like any other.
            _ = try await submit(try cases("a", "b"), fixture)
            try await arrive("b", fixture)
            let taken = try await DataSetDetail(Self.dataSet, tenant: Self.tenant, in: fixture.system).progress
            #expect(taken.knownBroken.isEmpty && taken.count(.arrived) == 2)
        }
    }

    /// Whoever took it all the same keeps it when the import is repeated without that word.
    @Test func aKnownBrokenCaseUnderWayStaysUnderWay() async throws {
        try await SystemFixture.with { fixture in
            func progress() async throws -> DataSetProgress {
                try await DataSetDetail(Self.dataSet, tenant: Self.tenant, in: fixture.system).progress
            }
            _ = try await submit(try cases("a", "b"), fixture)
            var contents = try cases("a")
            contents.knownBroken = [DataSetContents.LeftOut(name: "b", reason: "neighbours are mixed up (#394)")]
            _ = try await submit(contents, fixture)
            let before = try await progress()
            #expect(before.knownBroken.isEmpty && before.count(.underWay) == 2)
            try await arrive("a", fixture)
            try await fixture.kill(.ingestion, reason: "torn")
            #expect(try await progress().count(.failed) == 1)
            // What failed is no order under way any more.
            _ = try await submit(contents, fixture)
            let after = try await progress()
            #expect(after.knownBroken.map(\.name) == ["b"] && after.count(.arrived) == 1)
        }
    }

    /// It knows nothing of the mark, which stays.
    @Test func aProgramOfBeforeTheMarkOrdersAKnownBrokenCaseAllTheSame() async throws {
        try await SystemFixture.with { fixture in
            var contents = try cases("a")
            contents.knownBroken = [DataSetContents.LeftOut(name: "b", reason: "neighbours are mixed up (#394)")]
            _ = try await submit(contents, fixture)
            let (study, _) = try await fixture.queuedStudy()
            _ = try await fixture.system.pool.run(
                Statement(
                    "order_as_before",
                    "UPDATE columna.case_imports SET refusal = NULL, study = '\(study)' WHERE case_name = 'b'")())
            let progress = try await DataSetDetail(Self.dataSet, tenant: Self.tenant, in: fixture.system).progress
            #expect(progress.knownBroken.isEmpty && progress.count(.underWay) == 2)
            #expect(try await fixture.system.dataSets(tenant: nil).map(\.absentCount) == [2])
        }
    }
}
