import Foundation
import JobEngine
import Persistence
import Storage
import Studies
import TestSupport
import Testing

extension RunningSystemTests {
    /// A training that is stopped, resumed, killed, or finds its disk full and its checkpoints damaged.
    @Suite struct TrainingRunTests {
        /// A checkpoint after every few steps.
        private static let often = 0.001
        private static let few = TinyTraining.epochs / 3

        // MARK: On request

        @Test func aStoppedTrainingLeavesItsModelAndGoesOnToTheWeightsOfAnUndisturbedOne() async throws {
            let system = try await RunningSystem.shared
            let job = try await TinyTraining.start("stopped")
            try await TinyTraining.waitUntilUnderWay(job)
            let stopped = try await system.columna(["train", "stop", "stopped"])
            #expect(stopped.status == 0 && stopped.output.contains("asked to end"), "\(stopped.errors)")
            #expect(try await system.endedJob(job).state == .succeeded)
            let model = try #require(try await system.catalog.models(of: job).first)
            #expect(model.reference == "stopped@1" && model.variant == .best)
            let epochs = try await system.catalog.epochs(of: job).count
            #expect(epochs < TinyTraining.epochs)
            #expect(try await remarks(of: job) == [.finishedEarly])
            let again = try await system.columna(["train", "stop", job.description])
            #expect(again.status == 1 && again.errors.contains("is succeeded"), "\(again.errors)")

            let resumed = try await system.columna(["train", "resume", job.description, "--json"])
            #expect(resumed.status == 0, "\(resumed.errors)")
            let next = try madeJob(in: resumed.output)
            #expect(next != job)
            #expect(try await system.endedJob(next).state == .succeeded)
            #expect(try await TinyTraining.weights(of: next) == TinyTraining.uninterrupted)
            #expect(try await system.catalog.models(of: next).first?.reference == "stopped@2")
            let inputs = try await system.store.artifacts(of: next).filter(\.isInput).map(\.reference.role)
            #expect(inputs.contains(ArtifactKind.checkpoint.role), "the lineage leads to the run before")
            let whole = try await system.columna(["train", "resume", next.description])
            #expect(whole.status == 1 && whole.errors.contains("--epochs"), "\(whole.errors)")
        }

        /// Nothing is stored, and still the same order makes the same weights.
        @Test func phantomsAreLearnedFromWhileTheyAreMade() async throws {
            let system = try await RunningSystem.shared
            func weights(_ model: String) async throws -> ContentAddress {
                let job = try await TinyTraining.start(model) {
                    $0.dataSet = GeneratedDataSet.lumbarPhantoms.rawValue
                    $0.recipeJSON = TinyModel.recipe(epochs: 1)
                }
                let ended = try await system.endedJob(job)
                #expect(ended.state == .succeeded, "\(ended.failure?.description ?? "")")
                #expect(ended.progressNote.contains("phantom:lumbar"))
                return try await TinyTraining.weights(of: job)
            }
            let first = try await weights("made")
            #expect(try await weights("made-again") == first)
            let refused = try await system.columna(
                ["train", "start", "--data-set", "phantom:lumbar", "--model", "made"])
            #expect(refused.status == 64 && refused.errors.contains("--steps-per-epoch"), "\(refused.errors)")
            let unknown = try await system.columna(
                ["train", "start", "--data-set", "phantom:tail", "--model", "made"])
            #expect(unknown.status == 64 && unknown.errors.contains("phantom:anywhere"), "\(unknown.errors)")
            let misspelt = try await system.columna(
                ["train", "start", "--data-set", "phantom:lumbar", "--model", "made", "--recipe", "segresnet-stong"])
            #expect(
                misspelt.status == 65 && misspelt.errors.contains("did you mean segresnet-strong?"),
                "\(misspelt.errors)")
        }

        @Test func aTrainingThatIsStoppedBeforeItBeginsDoesOneStep() async throws {
            let system = try await RunningSystem.shared
            var job = JobID()
            try await system.withoutWorkers {
                job = try await TinyTraining.start("early")
                for _ in 1...2 {
                    let stopped = try await system.columna(["train", "stop", job.description])
                    #expect(stopped.status == 0, "\(stopped.errors)")
                }
                let asked = try await system.rows(
                    "asked", "SELECT actor FROM columna.audit WHERE action = 'finish' AND job = $1", .uuid(job.uuid))
                #expect(asked.count == 1, "the second changed nothing")
            }
            let ended = try await system.endedJob(job)
            #expect(ended.state == .succeeded, "\(ended.failure?.description ?? "")")
            #expect(try await system.catalog.models(of: job).first?.variant == .best)
            let remark = try #require(try await system.catalog.remarks(of: job).first).remark
            #expect(remark.remark.contains("did after step 1 of"))
        }

        @Test func aTrainingWithAConstantRateIsProlonged() async throws {
            let system = try await RunningSystem.shared
            let short = try await TinyTraining.start("prolonged") { $0.recipeJSON = TinyModel.recipe(epochs: Self.few) }
            #expect(try await system.endedJob(short).state == .succeeded)
            let less = try await system.columna(["train", "resume", "prolonged", "--epochs", "\(Self.few - 1)"])
            #expect(less.status == 64 && less.errors.contains("has done \(Self.few) epochs already"), "\(less.errors)")
            let resumed = try await system.columna(
                ["train", "resume", "prolonged", "--epochs", "\(TinyTraining.epochs)", "--json"])
            #expect(resumed.status == 0, "\(resumed.errors)")
            let long = try madeJob(in: resumed.output)
            let watched = try await system.columna(["train", "watch", long.description])
            #expect(watched.status == 0, "\(watched.errors)")
            let lines = watched.output.split(separator: "\n").filter { $0.hasPrefix("epoch ") }
            #expect(lines.count == TinyTraining.epochs, "without a terminal each epoch is a line, the former run's too")
            #expect(watched.output.contains("columna models promote prolonged@2"))
            #expect(try await TinyTraining.weights(of: long) == TinyTraining.uninterrupted)
            let listed = try await system.columna(["train", "list", "--json"])
            let runs = try JSONDecoder().decode(Runs.self, from: Data(listed.output.utf8)).trainings
            let run = try #require(runs.first { $0.job == long.description })
            #expect(run.state == "succeeded" && run.epoch == TinyTraining.epochs && run.epochs == TinyTraining.epochs)
        }

        // MARK: Whatever happens

        @Test func aKilledTrainingGoesOnByAnotherWorkerToTheWeightsOfAnUndisturbedOne() async throws {
            let system = try await RunningSystem.shared
            var job = JobID()
            try await system.withWorker(.training, environment: ["COLUMNA_LEASE_SECONDS": "5"]) { worker in
                job = try await TinyTraining.start("killed", minutesBetweenCheckpoints: Self.often)
                try await eventually("a checkpoint is stored") {
                    try await TinyTraining.checkpoints(of: job).isEmpty ? nil : true
                }
                kill(worker.processIdentifier, SIGKILL)
                try await eventually("its lease has ended") {
                    try await system.store.job(job)?.state == .running ? nil : true
                }
            }
            // Without the pause that follows a crash.
            _ = try await system.rows(
                "due-now", "UPDATE columna.jobs SET run_at = columna.now() WHERE id = $1 AND state = 'waiting'",
                .uuid(job.uuid))
            #expect(try await system.endedJob(job).state == .succeeded)
            let attempts = try await system.store.attempts(of: job)
            #expect(Set(attempts.map(\.outcome)) == ["crashed", "succeeded"])
            #expect(try await TinyTraining.weights(of: job) == TinyTraining.uninterrupted)
            let epochs = try await system.catalog.epochs(of: job)
            #expect(epochs.map(\.epoch) == Array(1...TinyTraining.epochs), "each once")
            #expect(epochs.allSatisfy { ($0.peakMemoryInBytes ?? 0) > 0 && $0.diceLoss != nil })
        }

        @Test(arguments: [true, false])
        func aDamagedCheckpointIsPassedOverForTheOneBefore(_ isMissing: Bool) async throws {
            let system = try await RunningSystem.shared
            let name = isMissing ? "missing" : "damaged"
            let job = try await TinyTraining.start(name, minutesBetweenCheckpoints: Self.often)
            try await eventually("two checkpoints are stored") {
                try await TinyTraining.checkpoints(of: job).count == 2 ? true : nil
            }
            #expect(try await system.columna(["jobs", "pause", job.description]).status == 0)
            try await eventually("it is handed back") {
                try await system.store.job(job)?.state == .waiting ? true : nil
            }
            let kept: [ArtifactReference] = try await TinyTraining.checkpoints(of: job)
            #expect(kept.count == 2, "older ones are let go of")
            let last = try await system.file(kept[1])
            if isMissing {
                try FileManager.default.removeItem(at: last)
            } else {
                try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: last.path)
                let file = try FileHandle(forUpdating: last)
                try file.seek(toOffset: UInt64(kept[1].byteCount / 2))
                try file.write(contentsOf: Data(repeating: 0x55, count: 64))
                try file.close()
            }

            #expect(try await system.columna(["train", "resume", job.description]).status == 0)
            #expect(try await system.endedJob(job).state == .succeeded)
            #expect(try await remarks(of: job) == [.checkpointUnreadable])
            let remark = try #require(try await system.catalog.remarks(of: job).first).remark.remark
            #expect(remark.contains(kept[1].address.description) && remark.contains("the run goes on from step"))
            #expect(try await TinyTraining.weights(of: job) == TinyTraining.uninterrupted)
        }

        @Test func aFullDiskStopsNoTrainingAndTakesNoCheckpoint() async throws {
            let system = try await RunningSystem.shared
            var job = JobID()
            // A file can have no more than 64 KiB, as on a disk with no more room; a checkpoint is longer.
            try await system.withWorker(
                .training, by: "/bin/sh",
                ["-c", "trap '' XFSZ; ulimit -S -f 128; exec \(RunningSystem.program(of: .training).path)"]
            ) { worker in
                job = try await TinyTraining.start("full", minutesBetweenCheckpoints: Self.often)
                try await eventually("the run says that it cannot write") {
                    try await system.catalog.remarks(of: job).isEmpty ? nil : true
                }
                #expect(try await TinyTraining.checkpoints(of: job) == 0)
                #expect(try await system.store.job(job)?.state == .running)
                let freed = Process()
                freed.executableURL = URL(filePath: "/usr/bin/prlimit")
                freed.arguments = ["--pid", "\(worker.processIdentifier)", "--fsize=unlimited"]
                try freed.run()
                freed.waitUntilExit()
                #expect(try await system.endedJob(job).state == .succeeded)
            }
            #expect(try await remarks(of: job) == [.checkpointNotWritten], "once, however often it failed")
            #expect(try await system.store.attempts(of: job).map(\.outcome) == ["succeeded"])
            #expect(try await TinyTraining.checkpoints(of: job) > 0)
            #expect(try await TinyTraining.weights(of: job) == TinyTraining.uninterrupted)
        }

        @Test func twoRunsOfOneNameAtTheSameTimeDoNotDisturbEachOther() async throws {
            let system = try await RunningSystem.shared
            var jobs: [JobID] = []
            try await system.withWorker(.training, environment: ["COLUMNA_SLOTS": "2"]) { _ in
                for _ in 1...2 {
                    jobs.append(try await TinyTraining.start("twins", minutesBetweenCheckpoints: Self.often))
                }
                try await eventually("both run") {
                    let states = try await [system.store.job(jobs[0])?.state, system.store.job(jobs[1])?.state]
                    if states.contains(.succeeded) { throw Unexpected("one ended before the other began") }
                    return states == [.running, .running] ? true : nil
                }
                for job in jobs { #expect(try await system.endedJob(job).state == .succeeded) }
            }
            var versions: [Int] = []
            for job in jobs {
                versions += try await system.catalog.models(of: job).map(\.version)
                #expect(try await TinyTraining.weights(of: job) == TinyTraining.uninterrupted)
                #expect(try await system.store.attempts(of: job).map(\.outcome) == ["succeeded"])
                for kept in try await TinyTraining.checkpoints(of: job) as [ArtifactReference] {
                    #expect(try await system.objects.contains(kept.address))
                }
            }
            #expect(versions.sorted() == [1, 2])
        }

        @Test func aDataSetMayGoWhileItIsLearnedFrom() async throws {
            let system = try await RunningSystem.shared
            _ = try await TinyModel.planFile
            _ = try await system.rows(
                "doomed",
                """
                INSERT INTO columna.data_set_cases
                SELECT (jsonb_populate_record(NULL::columna.data_set_cases, to_jsonb(known) || '{"data_set": "doomed"}')).*
                FROM columna.data_set_cases AS known
                WHERE known.data_set = $1
                """, .text(TinyModel.dataSet))
            let cases = try await system.catalog.cases(dataSet: "doomed", tenant: "local", split: nil)
            let job = try await TinyTraining.start("orphan") { ($0.dataSet, $0.cases) = ("doomed", cases) }
            try await TinyTraining.waitUntilUnderWay(job)
            _ = try await system.rows("gone", "DELETE FROM columna.data_set_cases WHERE data_set = 'doomed'")
            // By another process, which reads its cases anew.
            try await system.stopWorker(.training)
            try await system.startWorkers()
            #expect(try await system.endedJob(job).state == .succeeded)
            #expect(try await TinyTraining.weights(of: job) == TinyTraining.uninterrupted)
        }

        /// It would fail for good if a worker from before an upgrade came first.
        @Test func aRecipeOfANewerProgramWaitsForAWorkerThatKnowsIt() async throws {
            let system = try await RunningSystem.shared
            let job = try await TinyTraining.start("newer") {
                $0.recipeJSON = #"{"epochs": 2, "hyperbolicWarmth": 3}"#
            }
            let waiting = try await eventually("the job is put back") {
                let record = try await system.store.job(job)
                return record?.failure == nil ? nil : record
            }
            #expect(!waiting.state.isTerminal && waiting.failure?.class == .resource)
            #expect(waiting.failure?.code == "recipe-unreadable")
            #expect(
                waiting.failure?.reason.contains("hyperbolicWarmth") == true, "\(waiting.failure?.description ?? "")")
            #expect(try await system.columna(["jobs", "cancel", job.description]).status == 0)
        }

        // MARK: -

        private struct Runs: Decodable {
            struct Run: Decodable {
                let job, state: String
                let epoch: Int
                let epochs: Int?
            }

            let trainings: [Run]
        }

        private func remarks(of job: JobID) async throws -> [TrainingRemark.Code?] {
            try await RunningSystem.shared.catalog.remarks(of: job).map {
                TrainingRemark.Code(rawValue: $0.remark.code)
            }
        }

        private func madeJob(in output: String) throws -> JobID {
            struct Made: Decodable { let job: String }
            return try #require(JobID(try JSONDecoder().decode(Made.self, from: Data(output.utf8)).job))
        }
    }
}
