import Foundation
import JobEngine
import Persistence
import Studies
import Testing

extension RunningSystem {
    /// Whether `mpirun` is here; with COLUMNA_REQUIRE_SERVICES it has to be.
    static var hasRanks: Bool {
        let required = ProcessInfo.processInfo.environment["COLUMNA_REQUIRE_SERVICES"] ?? ""
        return FileManager.default.fileExists(atPath: "/usr/bin/mpirun") || !(required.isEmpty || required == "0")
    }
}

extension RunningSystemTests {
    /// Two processes of `mpirun` share a training: undisturbed, paused, stopped, with one of them killed, with the worker
    /// killed.
    @Suite(.enabled(if: RunningSystem.hasRanks, "needs openmpi-bin")) struct RankedTrainingTests {
        private static let epochs = 30
        /// A checkpoint after every step.
        private static let often = 0.001

        @Test func twoRanksTrainToTheSameBytesWhateverHappensToThem() async throws {
            let system = try await RunningSystem.shared
            _ = try await TinyModel.planFile
            var weights: ContentAddress?
            try await system.withWorker(.training, environment: ["COLUMNA_RANKS": "2"]) { worker in
                let undisturbed = try await Self.start("ranks")
                #expect(try await system.endedJob(undisturbed).state == .succeeded)
                weights = try await TinyTraining.weights(of: undisturbed)
                #expect(try await Self.remarks(of: undisturbed) == ["its steps were made by 2 ranks from step 1 on"])
                #expect(try await system.catalog.epochs(of: undisturbed).map(\.epoch) == Array(1...Self.epochs))
                #expect(Self.ranks(of: worker).isEmpty, "they end with the training")

                let paused = try await Self.start("ranks-paused")
                try await TinyTraining.waitUntilUnderWay(paused)
                #expect(try await system.columna(["jobs", "pause", paused.description]).status == 0)
                try await eventually("the training is handed back") {
                    try await system.store.job(paused)?.state == .waiting ? true : nil
                }
                #expect(try await TinyTraining.checkpoints(of: paused) > 0 && Self.ranks(of: worker).isEmpty)
                #expect(try await system.columna(["jobs", "resume", paused.description]).status == 0)
                #expect(try await system.endedJob(paused).state == .succeeded)
                #expect(try await TinyTraining.weights(of: paused) == weights)

                let crippled = try await Self.start("ranks-crippled", minutesBetweenCheckpoints: Self.often)
                try await TinyTraining.waitUntilUnderWay(crippled)
                kill(try #require(Self.ranks(of: worker).last), SIGKILL)
                #expect(try await system.endedJob(crippled).state == .succeeded)
                #expect(try await system.store.attempts(of: crippled).map(\.outcome) == ["succeeded"])
                let remarks = try await Self.remarks(of: crippled)
                #expect(
                    remarks.first?.contains("one of 2 ranks was lost: all go on from the checkpoint of step") == true)
                #expect(try await TinyTraining.weights(of: crippled) == weights)

                let stopped = try await Self.start("ranks-stopped")
                try await TinyTraining.waitUntilUnderWay(stopped)
                #expect(try await system.columna(["train", "stop", stopped.description]).status == 0)
                #expect(try await system.endedJob(stopped).state == .succeeded)
                let epochs = try await system.catalog.epochs(of: stopped).count
                #expect(epochs < Self.epochs)
                #expect(try await Self.remarks(of: stopped).contains { $0.contains("it was asked to end") })
            }

            let hosts = [
                "COLUMNA_RANKS": "2", "COLUMNA_RANK_HOSTS": "localhost:1,node2:1",
                "OMPI_MCA_plm_rsh_agent": try Self.login(in: system.inputs).path,
                // Of the network only what is there wherever this runs.
                "OMPI_MCA_btl_tcp_if_include": "lo", "OMPI_MCA_oob_tcp_if_include": "lo",
            ]
            try await system.withWorker(.training, environment: hosts) { _ in
                let spread = try await Self.start("ranks-on-hosts")
                #expect(try await system.endedJob(spread).state == .succeeded)
                #expect(try await TinyTraining.weights(of: spread) == weights)
            }
        }

        /// Nothing computes on that nobody follows, and another worker goes on alone.
        @Test func ranksEndWithTheirWorkerAndOneGoesOnFromTheirCheckpoint() async throws {
            let system = try await RunningSystem.shared
            _ = try await TinyModel.planFile
            var job = JobID()
            try await system.withWorker(
                .training, environment: ["COLUMNA_RANKS": "2", "COLUMNA_LEASE_SECONDS": "5"]
            ) { worker in
                job = try await Self.start("ranks-orphaned", minutesBetweenCheckpoints: Self.often)
                try await TinyTraining.waitUntilUnderWay(job)
                let ranks = Self.ranks(of: worker)
                #expect(ranks.count == 2)
                kill(worker.processIdentifier, SIGKILL)
                try await eventually("the ranks end") { ranks.allSatisfy { kill($0, 0) != 0 } ? true : nil }
                try await eventually("its lease has ended") {
                    try await system.store.job(job)?.state == .running ? nil : true
                }
            }
            _ = try await system.rows(
                "due-now", "UPDATE columna.jobs SET run_at = columna.now() WHERE id = $1 AND state = 'waiting'",
                .uuid(job.uuid))
            #expect(try await system.endedJob(job).state == .succeeded)
            let remarks = try await Self.remarks(of: job)
            #expect(remarks.count == 2)
            #expect(remarks.first?.hasPrefix("2 ranks made the steps up to") == true, "\(remarks)")
            #expect(remarks.last?.contains("2 ranks from step 1 on, 1 rank from step") == true, "\(remarks)")
        }

        @Test func batchesThatRanksCannotShareAndMissingPackagesAreSaid() async throws {
            let system = try await RunningSystem.shared
            try await system.withWorker(.training, environment: ["COLUMNA_RANKS": "2"]) { _ in
                let job = try await TinyTraining.start("ranks-odd")
                let waiting = try await eventually("it is left to a worker of other ranks") {
                    let record = try await system.store.job(job)
                    return record?.failure == nil ? nil : record
                }
                #expect(!waiting.state.isTerminal && waiting.failure?.class == .resource)
                #expect(waiting.failure?.code == "batch-not-shareable")
                let reason = waiting.failure?.reason ?? ""
                #expect(reason.contains("2 ranks (COLUMNA_RANKS) cannot share batches of 1"), "\(reason)")
                #expect(try await system.columna(["jobs", "cancel", job.description]).status == 0)
            }
            for (variables, words) in [
                (
                    ["PATH": "/nowhere"],
                    ["COLUMNA_RANKS is '2'", "no mpirun on the PATH", "apt-get install openmpi-bin"]
                ),
                (["COLUMNA_RANK_HOSTS": "a:1,b:2"], ["COLUMNA_RANK_HOSTS is 'a:1,b:2'", "together the 2"]),
                (["COLUMNA_RANK_HOSTS": "--mca"], ["COLUMNA_RANK_HOSTS is '--mca'"]),
            ] {
                let (process, errors) = (Process(), Pipe())
                process.executableURL = RunningSystem.program(of: .training)
                process.environment = ["COLUMNA_RANKS": "2", "PATH": "/usr/bin"].merging(variables) { $1 }
                process.standardError = errors
                try process.run()
                let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                process.waitUntilExit()
                #expect(process.terminationStatus == 78)
                for word in words { #expect(text.contains(word), "\(text)") }
            }
        }

        @Test func ranksThatDoNotComeUpAreEndedAndSaid() async throws {
            let system = try await RunningSystem.shared
            _ = try await TinyModel.planFile
            let folder = system.inputs.appending(path: "hanging", directoryHint: .isDirectory)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let launcher = folder.appending(path: "mpirun")
            try Data("#!/bin/sh\nsleep 1000\n".utf8).write(to: launcher)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: launcher.path)
            let environment = [
                "COLUMNA_RANKS": "2", "COLUMNA_RANK_START_SECONDS": "1", "PATH": "\(folder.path):/usr/bin:/bin",
            ]
            try await system.withWorker(.training, environment: environment) { worker in
                let job = try await Self.start("ranks-late")
                let waiting = try await eventually("it is tried again later") {
                    let record = try await system.store.job(job)
                    return record?.failure == nil ? nil : record
                }
                #expect(waiting.failure?.code == "ranks-not-started" && waiting.failure?.class == .transient)
                let reason = waiting.failure?.reason ?? ""
                #expect(reason.contains("2 ranks (localhost:2) did not come up within 1 s"), "\(reason)")
                #expect(Self.children(of: worker.processIdentifier).isEmpty)
                #expect(try await system.columna(["jobs", "cancel", job.description]).status == 0)
            }
        }

        // MARK: -

        /// In the place of `ssh`: logs in to a host that is this one, with an environment of its own.
        private static func login(in folder: URL) throws -> URL {
            let script = folder.appending(path: "login")
            try Data(
                """
                #!/bin/sh
                while [ "${1#-}" != "$1" ]; do shift; done
                shift
                exec env -i PATH=/usr/bin:/bin sh -c "$*"
                """.utf8
            ).write(to: script)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
            return script
        }

        private static func start(_ model: String, minutesBetweenCheckpoints minutes: Double? = nil) async throws
            -> JobID
        {
            try await TinyTraining.start(model, minutesBetweenCheckpoints: minutes) {
                $0.recipeJSON = TinyModel.recipe(epochs: epochs).replacingOccurrences(
                    of: "{\"epochs\"", with: "{\"batchSize\": 2, \"epochs\"")
            }
        }

        private static func remarks(of job: JobID) async throws -> [String] {
            try await RunningSystem.shared.catalog.remarks(of: job).map(\.remark.remark)
        }

        /// The processes that the worker's `mpirun` has started.
        private static func ranks(of worker: Process) -> [pid_t] {
            children(of: worker.processIdentifier).flatMap { children(of: $0) }
        }

        private static func children(of process: pid_t) -> [pid_t] {
            let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
            return threads.flatMap { thread in
                ((try? String(contentsOfFile: "/proc/\(process)/task/\(thread)/children", encoding: .utf8)) ?? "")
                    .split(separator: " ").compactMap { pid_t($0) }
            }
        }
    }
}
