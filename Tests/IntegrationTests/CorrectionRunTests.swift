import Foundation
import JobEngine
import Messaging
import Persistence
import Phantoms
import Registry
import Studies
import TestSupport
import Testing
import Threads
import Volumes

extension RunningSystemTests {
    /// From what people correct to a better version and back, by the real workers.
    @Suite(.serialized) struct CorrectionRunTests {
        private static let author = "Reader-Ursula-4711"

        // MARK: What there is before

        /// Phantoms that the model learns from and others that judge it, once per test process.
        private static let ward = Task.detached {
            let system = try await RunningSystem.shared
            let plan = try await TinyModel.planFile
            for (split, seeds) in [("train", 301...302), ("test", 311...313)] as [(String, ClosedRange<UInt64>)] {
                let folder = system.inputs.appending(path: "ward-\(split)", directoryHint: .isDirectory)
                try await OwnThread.run {
                    for seed in seeds {
                        try PhantomStudy(seed: seed, configuration: TinyModel.phantom).write(
                            to: folder.appending(path: "case-\(seed)"), format: .nifti)
                    }
                }
                try await succeed([
                    "dataset", "import", folder.path, "--data-set", "ward", "--split", split, "--plan", plan.path,
                    "--wait", "--timeout", "120",
                ])
            }
        }

        @discardableResult
        private static func succeed(_ arguments: [String]) async throws -> String {
            let result = try await RunningSystem.shared.columna(arguments)
            guard result.status == 0 else {
                throw Unexpected("\(arguments) ended with \(result.status): \(result.output)\(result.errors)")
            }
            return result.output
        }

        private static func recipe(_ name: String, epochs: Int, rate: Double) async throws -> String {
            let file = try await RunningSystem.shared.inputs.appending(path: "\(name).json")
            let text =
                #"{"epochs": \#(epochs), "stepsPerEpoch": 4, "seed": 7, "learningRate": \#(rate), "foregroundFraction": 1, "loss": "present-classes", "validationFraction": 0, "epochsPerValidation": 0}"#
            try Data(text.utf8).write(to: file)
            return file.path
        }

        private static func train(_ model: String, epochs: Int) async throws {
            let recipe = try await recipe("\(model)-first", epochs: epochs, rate: 0.01)
            try await succeed([
                "train", "start", "--data-set", "ward", "--model", model, "--plan", TinyModel.planFile.path, "--recipe",
                recipe, "--wait", "--timeout", "500",
            ])
        }

        /// A phantom that the model segmented; its truth is what somebody corrects the result to.
        private struct Segmented {
            let id: StudyID
            let truth: URL
            let labels: ArtifactReference
        }

        private static func segmented(seed: UInt64, by model: String) async throws -> Segmented {
            let system = try await RunningSystem.shared
            let folder = system.inputs.appending(path: "\(model)-study-\(seed)", directoryHint: .isDirectory)
            try await OwnThread.run {
                try PhantomStudy(seed: seed, configuration: TinyModel.phantom).write(to: folder, format: .nifti)
            }
            let message = "\(model)-study-\(seed)"
            try await succeed([
                "submit", PhantomStudy.ctLocation(in: folder, format: .nifti).path, "--model", model, "--message-id",
                message, "--wait", "--timeout", "300",
            ])
            let study = try #require(try await system.study(messageID: message, tenant: "local"))
            let segmentation = try #require(try await system.jobs(of: study).first { $0.kind == SegmentVolume.kind })
            let labels = try #require(
                try await system.outputs(of: segmentation.id).first { $0.role == ArtifactKind.labelMap.role })
            return Segmented(id: study.id, truth: PhantomStudy.labelsLocation(in: folder), labels: labels)
        }

        private struct Round: Decodable, Equatable {
            let model: String
            let round: Int
            let state: String
            let candidate: String?
            let data_set: String
            let new_corrections: Int
            let mean_difference: Double?
            let p: Double?
        }

        private struct Shown: Decodable {
            let rounds: [Round]
        }

        private static func endedRound(_ number: Int, of model: String) async throws -> Round {
            try await eventually("round \(number) of \(model) is decided") {
                let shown = try await succeed(["train", "policy", "show", "--json"])
                let rounds = try JSONDecoder().decode(Shown.self, from: Data(shown.utf8)).rounds
                guard let round = rounds.first(where: { $0.model == model && $0.round == number }),
                    round.state != "under-way"
                else { return nil }
                return round
            }
        }

        // MARK: -

        @Test func correctionsBecomeABetterVersionThatCanBeTakenBackAndAWorseOneIsNotPromoted() async throws {
            let system = try await RunningSystem.shared
            try await Self.ward.value
            // Enough to find some vertebrae: there is something to be worse than.
            try await Self.train("learner", epochs: 300)
            try await Self.succeed(["models", "promote", "learner@1"])
            let studies = [
                try await Self.segmented(seed: 321, by: "learner"), try await Self.segmented(seed: 322, by: "learner"),
            ]
            // So little that nothing gets worse.
            let gentle = try await Self.recipe("gentle", epochs: 2, rate: 1e-7)
            try await Self.succeed([
                "train", "policy", "set", "--model", "learner", "--after", "2", "--data-set", "ward", "--split", "test",
                "--recipe", gentle,
            ])

            // One by the command line, one as a hospital does.
            try await Self.succeed([
                "corrections", "submit", studies[0].id.description, studies[0].truth.path, "--author", Self.author,
                "--wait", "--timeout", "120",
            ])
            try await system.withSession {
                try await $0.declare(QueueDeclaration(name: "test.corrections", arguments: [:]))
            }
            let correction = StudyCorrection(
                sender: IntakeSender(
                    tenant: "local", source: "hospital/reading-room", messageID: "correction-2",
                    replyTo: "test.corrections"), study: studies[1].id, labelPath: studies[1].truth.path,
                parent: studies[1].labels.address.rawValue, author: Self.author)
            // Twice is once.
            for _ in 1...2 { #expect(try await system.publish(correction.message()) == .confirmed) }
            try await eventually("the hospital is answered") {
                let types = try await system.answers("test.corrections").map(\.type)
                return types.contains("dev.columna.study.result.v1") || types.contains { $0.contains("succeeded") }
                    ? true : nil
            }

            let first = try await Self.endedRound(1, of: "learner")
            #expect(
                first.state == "promoted" && first.candidate == "learner@2" && first.new_corrections == 2, "\(first)")
            #expect(try await system.catalog.modelVersion(name: "learner", version: nil)?.reference == "learner@2")
            let shown = try await Self.succeed(["models", "show", "learner@2"])
            #expect(shown.contains("promoted by corrections of local: mean Dice learner@2 − learner@1"), "\(shown)")
            let version = try #require(try await system.catalog.modelVersion(name: "learner", version: 2))
            let training = try #require(version.job)
            let order = try TrainModel(of: try #require(try await system.store.job(training)))
            #expect(order.startsFrom == "learner@1" && order.correctionRound == 1)
            let learned = studies.map { "corrected-\($0.id)" }
            #expect(Set(order.cases?.map(\.name) ?? []) == Set(learned + ["case-301", "case-302"]))
            let held = try await system.catalog.cases(dataSet: first.data_set, tenant: "local", split: "test")
            let base = try await system.catalog.cases(dataSet: "ward", tenant: "local", split: "test")
            #expect(held.map(\.image) == base.map(\.image) && held.map(\.label) == base.map(\.label))

            // A hospital imports nothing into what was learned from.
            let late = StudySubmission(
                sender: IntakeSender(
                    tenant: "local", source: "hospital/reading-room", messageID: "late-import",
                    replyTo: "test.corrections"),
                order: StudyOrder(pipeline: .import, dataSet: first.data_set, caseName: "case-311"),
                path: studies[0].truth.path, labelPath: studies[0].truth.path)
            #expect(try await system.publish(late.message()) == .confirmed)
            try await eventually("the import is refused") {
                try await system.answers("test.corrections").contains {
                    String(decoding: $0.delivery.body, as: UTF8.self).contains(
                        "was made of corrections and does not change")
                } ? true : nil
            }

            // One command back, and once only.
            let back = try await Self.succeed(["models", "rollback", "learner"])
            #expect(back.contains("learner@1"), "\(back)")
            #expect(try await system.catalog.modelVersion(name: "learner", version: nil)?.reference == "learner@1")

            // A rate that leaves nothing of what was learned.
            let ruinous = try await Self.recipe("ruinous", epochs: 3, rate: 0.5)
            try await Self.succeed([
                "train", "policy", "set", "--model", "learner", "--after", "1", "--data-set", "ward", "--split", "test",
                "--recipe", ruinous,
            ])
            let changed = system.inputs.appending(path: "changed.nii.gz")
            try await OwnThread.run {
                var labels = try NIfTI.readLabels(studies[0].truth)
                let voxel = try #require(labels.voxels.firstIndex { $0 == 22 })
                labels.voxels[voxel] = 0
                try NIfTI.write(labels, to: changed)
            }
            try await Self.succeed([
                "corrections", "submit", studies[0].id.description, changed.path, "--wait", "--timeout", "120",
            ])
            let second = try await Self.endedRound(2, of: "learner")
            #expect(second.state == "not-promoted" && second.candidate == "learner@3", "\(second)")
            #expect(try #require(second.mean_difference) < 0 && (second.p ?? 0) < 0.05, "\(second)")
            #expect(try await system.catalog.modelVersion(name: "learner", version: nil)?.reference == "learner@1")
            let listed = try await Self.succeed(["models", "list"])
            #expect(listed.contains("not passed"), "\(listed)")

            // Of the two corrections of one study the newest is learned from, and both are kept.
            let corrections = try await PostgresCorrections(pool: system.pool).corrections(
                tenant: "local", study: studies[0].id, limit: 9)
            #expect(corrections.count == 2)
            #expect(corrections[0].dataSets == [second.data_set] && corrections[1].dataSets == [first.data_set])
            #expect(corrections[1].author == Self.author && corrections[1].accepted?.parentModel == "learner@1")
            #expect(try await Self.succeed(["corrections", "list"]).contains(Self.author), "operators see who")
            #expect(try !system.logs().contains(Self.author))
            for answer in try await system.answers("test.corrections") {
                #expect(!String(decoding: answer.delivery.body, as: UTF8.self).contains(Self.author))
            }
            try await Self.succeed(["train", "policy", "off", "--model", "learner"])

            let withdrawn = try await Self.succeed(["corrections", "withdraw", corrections[1].job.description])
            #expect(withdrawn.contains("data sets made with it: \(first.data_set)"), "\(withdrawn)")
            #expect(withdrawn.contains("versions trained on them: learner@2"), "\(withdrawn)")
            #expect(try await Self.succeed(["corrections", "list"]).contains("withdrawn"))
        }

        @Test func whatIsNoCorrectionIsRefusedWithItsReason() async throws {
            let system = try await RunningSystem.shared
            try await Self.ward.value
            try await Self.train("strict", epochs: 1)
            try await Self.succeed(["models", "promote", "strict@1"])
            let study = try await Self.segmented(seed: 331, by: "strict")
            let other = try await Self.segmented(seed: 332, by: "strict")
            let (same, empty, elsewhere) = (
                system.inputs.appending(path: "same.nii.gz"), system.inputs.appending(path: "empty.nii.gz"),
                system.inputs.appending(path: "elsewhere.nii.gz")
            )
            let stored = try await system.file(study.labels)
            try await OwnThread.run {
                let labels = try NIfTI.readLabels(stored)
                try NIfTI.write(labels, to: same)
                try NIfTI.write(labels.map { _ in UInt8(0) }, to: empty)
                var geometry = labels.geometry
                geometry.size = [8, 8, 8]
                try NIfTI.write(Volume<UInt8>(geometry: geometry, repeating: 20), to: elsewhere)
            }
            let id = study.id.description
            var cases: [([String], String)] = [
                ([id, empty.path], "labels-empty"), ([id, elsewhere.path], "label-grid-mismatch"),
                ([id, study.truth.path, "--parent", other.labels.address.rawValue], "parent-unknown"),
                ([id, study.truth.path, "--tenant", "elsewhere"], "say --tenant local"),
            ]
            // A model that has learned nothing may have labelled nothing, and then the same is empty, too.
            let isEmpty = try await OwnThread.run { try NIfTI.readLabels(stored).voxels.allSatisfy { $0 == 0 } }
            cases.append(([id, same.path], isEmpty ? "labels-empty" : "labels-unchanged"))
            for (arguments, code) in cases {
                let refused = try await system.columna(
                    ["corrections", "submit"] + arguments + ["--wait", "--timeout", "120"])
                #expect(refused.status == 1 && refused.errors.contains(code), "\(code): \(refused.errors)")
            }
            // Who may not know that others have it is told less.
            let stranger = StudyCorrection(
                sender: IntakeSender(tenant: "elsewhere", source: "hospital/away", messageID: "correction-away"),
                study: study.id, labelPath: study.truth.path)
            #expect(try await system.publish(stranger.message()) == .confirmed)
            let failure = try await eventually("the stranger is refused") {
                try await system.store.jobs(JobFilter(states: [.dead], tenant: "elsewhere")).first?.failure
            }
            #expect(failure.code == "study-unknown" && !failure.reason.contains("local"), "\(failure)")
            try await Self.succeed(["corrections", "submit", id, study.truth.path, "--wait", "--timeout", "120"])
            let again = try await system.columna(
                ["corrections", "submit", id, study.truth.path, "--wait", "--timeout", "120"])
            #expect(again.status == 1 && again.errors.contains("correction-known"), "\(again.errors)")
        }

        /// Both were measured against the version that stands when neither has decided yet.
        @Test func ofTwoGatesAtOnceOnePromotes() async throws {
            let system = try await RunningSystem.shared
            try await Self.ward.value
            for _ in 1...3 { try await Self.train("rival", epochs: 1) }
            try await Self.succeed(["models", "promote", "rival@1"])
            let candidates = ["rival@2", "rival@3"]
            for candidate in candidates {
                try await Self.succeed([
                    "compare", candidate, "rival@1", "--data-set", "ward", "--split", "test", "--timeout", "300",
                ])
            }
            let lock = Query(
                statement: Statement("hold", "SELECT FROM columna.models WHERE name = 'rival' FOR UPDATE"),
                parameters: [])
            async let decided = withThrowingTaskGroup(of: RunningSystem.CommandResult.self) { group in
                for candidate in candidates {
                    group.addTask {
                        try await system.columna([
                            "models", "promote", candidate, "--if-not-worse", "--data-set", "ward", "--split", "test",
                            "--timeout", "300",
                        ])
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            _ = try await system.pool.transaction(first: [lock]) { _, _ in
                try await eventually("both wait to decide") {
                    let waiting = try await system.rows(
                        "waiting",
                        """
                        SELECT count(*) AS count FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%columna.models%FOR UPDATE%'
                        """)
                    return try waiting[0].integer("count") == 2 ? true : nil
                }
            }
            let results = try await decided
            #expect(results.map(\.status).sorted() == [0, 1], "\(results.map(\.errors))")
            #expect(results.contains { $0.errors.contains("changed meanwhile") })
            let gates = try await system.catalog.gates(of: "rival")
            #expect(gates.count == 2 && gates.count { $0.isPromoted } == 1)
            #expect(gates.allSatisfy { $0.gate.standing == "rival@1" && $0.gate.pairs == 3 && $0.gate.isPassed })
            let promoted = try #require(gates.first { $0.isPromoted }).gate.candidate
            #expect(try await system.catalog.modelVersion(name: "rival", version: nil)?.reference == promoted)
            try await Self.succeed(["models", "rollback", "rival"])
            #expect(try await system.catalog.modelVersion(name: "rival", version: nil)?.reference == "rival@1")
        }
    }
}
