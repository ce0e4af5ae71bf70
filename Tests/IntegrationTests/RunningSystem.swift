import Foundation
import JobEngine
import LocalServices
import Messaging
import Persistence
import Registry
import Storage
import Studies
import Threads

/// A whole system: PostgreSQL, RabbitMQ and one worker of each kind, in a temporary folder, started once per test
/// process and ended with it.
final class RunningSystem: Sendable {
    /// Where studies may be read from.
    let inputs: URL
    let environment: LocalEnvironment
    let pool: PostgresPool
    let store: any JobStore
    let catalog: any Catalog
    let objects: any ObjectStore
    let broker: BrokerURL
    private let stack: LocalStack
    private let request: LocalRequest

    static var shared: RunningSystem {
        get async throws { try await starting.value }
    }

    /// Whether the tests can run here; with COLUMNA_REQUIRE_SERVICES they run anyhow, and fail where they cannot.
    static let isPossible: Bool = {
        let required = ProcessInfo.processInfo.environment["COLUMNA_REQUIRE_SERVICES"] ?? ""
        guard required.isEmpty || required == "0" else { return true }
        let files = ["/usr/lib/rabbitmq/bin/rabbitmq-server", "/usr/lib/postgresql"]
        let programs = ["columna"] + Stage.allCases.map { "columna-\($0.rawValue)" }
        return (files + programs.map { buildFolder.appending(path: $0).path }).allSatisfy {
            FileManager.default.fileExists(atPath: $0)
        }
    }()

    /// The executables lie beside the tests.
    static let buildFolder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

    /// Not tied to the test that asks first: its cancellation must not end the system of the others.
    private static let starting = Task.detached { try await start() }

    private init(_ stack: LocalStack, _ request: LocalRequest, _ environment: LocalEnvironment, inputs: URL) throws {
        (self.stack, self.request, self.environment, self.inputs) = (stack, request, environment, inputs)
        pool = PostgresPool(url: environment.databaseURL, size: 4)
        store = PostgresJobStore(pool: pool, bookkeeping: .studies)
        catalog = PostgresCatalog(pool: pool)
        objects = StoreLocation.store(at: environment.storage)
        broker = try BrokerURL(environment.brokerURL)
    }

    private static func start() async throws -> RunningSystem {
        // Under /tmp and not TMPDIR, which the account of the database may not reach. Resolved, as workers see it.
        let folder = URL(filePath: "/tmp/columna-system-\(UUID().uuidString.lowercased())", directoryHint: .isDirectory)
        let inputs = folder.appending(path: "inputs", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: inputs, withIntermediateDirectories: true)
        let stack = LocalStack(directory: folder.appending(path: "stack", directoryHint: .isDirectory))
        try SystemTeardown.promise(stack, folder)
        let request = LocalRequest(executables: buildFolder.path, inputRoots: [inputs.path])
        let environment = try await OwnThread.run { try stack.up(request) }
        return try RunningSystem(stack, request, environment, inputs: inputs)
    }

    // MARK: Workers

    /// Nil while it does not run.
    func processID(_ stage: Stage) throws -> Int32? {
        try stack.status().workers.first { $0.name == "\(stage.rawValue)-1" }?.pid
    }

    /// SIGTERM, as an orchestrator stops a replica; returns when the process has ended.
    func stopWorker(_ stage: Stage) async throws {
        guard let pid = try processID(stage) else { return }
        kill(pid, SIGTERM)
        try await eventually("the \(stage.rawValue) worker ends after SIGTERM") {
            try processID(stage) == nil ? true : nil
        }
    }

    /// Starts what does not run.
    func startWorkers() async throws {
        let (stack, request) = (stack, request)
        _ = try await OwnThread.run { try stack.up(request) }
    }

    /// Runs `body` while no worker runs, and so nobody publishes or claims.
    func withoutWorkers(_ body: () async throws -> Void) async throws {
        for stage in Stage.allCases { try await stopWorker(stage) }
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body()) } catch { outcome = .failure(error) }
        try await startWorkers()
        try outcome.get()
    }

    /// SIGKILL to all of PostgreSQL's processes; `startWorkers` brings it back on the same port.
    func killDatabase() async throws {
        let stack = stack
        try await OwnThread.run { try stack.kill(.database) }
    }

    /// Runs `body` while the only ingestion worker obeys file permissions, which root's own does not: without the two
    /// capabilities by which root reads everything.
    func withIngestionObeyingPermissions(_ body: () async throws -> Void) async throws {
        let program = Self.buildFolder.appending(path: "columna-ingestion").path
        try await withWorker(
            .ingestion, by: "/usr/bin/setpriv", ["--bounding-set=-dac_override,-dac_read_search", program]
        ) { _ in try await body() }
    }

    /// Runs `body` while the only ingestion worker is one with further variables.
    func withIngestion(environment: [String: String], _ body: () async throws -> Void) async throws {
        try await withWorker(.ingestion, environment: environment) { _ in try await body() }
    }

    /// Runs `body` while the only worker of a stage is one that is started otherwise. It has the environment of the one in
    /// whose place it is, so that the system's end finds it. `body` may end it.
    ///
    /// - Parameters:
    ///   - program: nil: the worker itself.
    ///   - body: gets its process.
    func withWorker(
        _ stage: Stage, by program: String? = nil, _ arguments: [String] = [], environment: [String: String] = [:],
        _ body: (Process) async throws -> Void
    ) async throws {
        guard let pid = try processID(stage) else { throw Unexpected("the \(stage.rawValue) worker does not run") }
        let variables = try Data(contentsOf: URL(filePath: "/proc/\(pid)/environ")).split(separator: 0)
            .map {
                String(decoding: $0, as: UTF8.self).split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false
                ).map(String.init)
            }
        let worker = Process()
        worker.executableURL = program.map { URL(filePath: $0) } ?? Self.program(of: stage)
        worker.arguments = arguments
        worker.environment = Dictionary(variables.filter { $0.count == 2 }.map { ($0[0], $0[1]) }) { $1 }.merging(
            environment
        ) { $1 }
        worker.standardInput = FileHandle.nullDevice
        worker.standardOutput = FileHandle.nullDevice
        // Beside the logs of the other workers.
        let log = inputs.deletingLastPathComponent().appending(path: "in-place.log")
        if !FileManager.default.fileExists(atPath: log.path) {
            _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        }
        let handle = try FileHandle(forWritingTo: log)
        _ = try handle.seekToEnd()
        worker.standardError = handle
        try await stopWorker(stage)
        let outcome: Result<Void, any Error>
        do {
            try worker.run()
            try await body(worker)
            outcome =
                worker.isRunning || worker.terminationReason == .uncaughtSignal
                ? .success(()) : .failure(Unexpected("the worker in its place ended"))
        } catch {
            outcome = .failure(error)
        }
        if worker.isRunning {
            worker.terminate()
            await OwnThread.run { worker.waitUntilExit() }
        }
        try await startWorkers()
        try outcome.get()
    }

    /// All that the workers have written to their logs.
    func logs() throws -> String {
        let inPlace = inputs.deletingLastPathComponent().appending(path: "in-place.log")
        let files =
            try stack.status().workers.map(\.log) + [inPlace.path].filter { FileManager.default.fileExists(atPath: $0) }
        return try files.map { try String(contentsOfFile: $0, encoding: .utf8) }.joined()
    }

    static func program(of stage: Stage) -> URL { buildFolder.appending(path: "columna-\(stage.rawValue)") }

    // MARK: Messages

    /// - Returns: what the broker said, confirmed or returned.
    func publish(_ message: OutgoingMessage) async throws -> PublishResult { try await publish([message])[0] }

    func publish(_ messages: [OutgoingMessage]) async throws -> [PublishResult] {
        let publisher = try await Publisher.connect(broker, name: "integration tests")
        let answers = try await publisher.publish(messages)
        await publisher.close()
        return answers
    }

    /// What a hospital publishes: CloudEvents JSON on the intake exchange.
    func publishStudy(
        _ body: [UInt8], tenant: Tenant, messageID: String, replyTo: String? = nil, correlationID: String? = nil,
        copies: Int = 1
    ) async throws -> PublishResult {
        let message = OutgoingMessage(
            exchange: "columna.intake", routingKey: "study.submitted.\(tenant)",
            properties: MessageProperties(
                contentType: "application/cloudevents+json", messageID: messageID, correlationID: correlationID,
                replyTo: replyTo),
            body: body)
        let answers = try await publish(Array(repeating: message, count: copies))
        return answers.first { $0 != .confirmed } ?? .confirmed
    }

    /// What has been said to a queue so far, in order; it stays there.
    func answers(_ queue: String) async throws -> [(type: String, delivery: Delivery)] {
        struct Envelope: Decodable { var type: String }
        return try await withSession { try await $0.browse(queue, limit: 1000) }.map {
            (try JSONDecoder().decode(Envelope.self, from: Data($0.body)).type, $0)
        }
    }

    /// Tells the workers to look at once, as an operator's command does; they store their progress on the way.
    func nudge(_ action: ControlMessage.Action, _ job: JobID) async throws {
        _ = try await publish(ControlMessage(action, .job(job)).message())
    }

    func withSession<Result>(_ body: (BrokerSession) async throws -> Result) async throws -> Result {
        let session = try await BrokerSession.connect(broker, name: "integration tests")
        do {
            let result = try await body(session)
            await session.close()
            return result
        } catch {
            await session.close()
            throw error
        }
    }

    // MARK: Facts

    func rows(_ name: String, _ sql: String, _ parameters: PostgresValue...) async throws -> PostgresRows {
        try await pool.run(Query(statement: Statement(name, sql), parameters: parameters))
    }

    func study(messageID: String, tenant: Tenant) async throws -> Study? {
        let found = try await rows(
            "test-study", "SELECT id FROM columna.studies WHERE tenant = $1 AND message_id = $2", .text(tenant),
            .text(messageID))
        guard let id = try found.first?.id("id", StudyID.self) else { return nil }
        return try await catalog.study(id)
    }

    /// The study of a message once it has ended, however.
    func endedStudy(messageID: String, tenant: Tenant) async throws -> Study {
        try await eventually("the study ends") {
            guard let study = try await study(messageID: messageID, tenant: tenant), study.state != .submitted else {
                return nil
            }
            return study
        }
    }

    func jobs(of study: Study) async throws -> [JobRecord] {
        try await store.jobs(JobFilter(study: study.id)).sorted { $0.createdAt < $1.createdAt }
    }

    func endedJob(_ id: JobID) async throws -> JobRecord {
        try await eventually("the job ends") {
            guard let job = try await store.job(id), job.state.isTerminal else { return nil }
            return job
        }
    }

    func outputs(of job: JobID) async throws -> [ArtifactReference] {
        try await store.artifacts(of: job).filter { !$0.isInput }.map(\.reference)
    }

    func file(_ reference: ArtifactReference) async throws -> URL {
        try await objects.open(reference.address, expectedByteCount: reference.byteCount)
    }

    // MARK: Command line

    struct CommandResult {
        let status: Int32
        let output: String
        let errors: String
    }

    /// Runs `columna` as a person would.
    func columna(_ arguments: [String], environment more: [String: String] = [:]) async throws -> CommandResult {
        let (environment, inputs) = (environment, inputs)
        return try await OwnThread.run {
            let process = Process()
            process.executableURL = Self.buildFolder.appending(path: "columna")
            process.arguments = arguments
            process.currentDirectoryURL = inputs
            process.environment = environment.environmentVariables.merging(["PATH": "/usr/bin:/bin", "HOME": "/tmp"]) {
                $1
            }.merging(more) { $1 }
            let parent = inputs.deletingLastPathComponent()
            let files = [parent.appending(path: UUID().uuidString), parent.appending(path: UUID().uuidString)]
            for file in files { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
            defer { for file in files { try? FileManager.default.removeItem(at: file) } }
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = try FileHandle(forWritingTo: files[0])
            process.standardError = try FileHandle(forWritingTo: files[1])
            try process.run()
            process.waitUntilExit()
            return CommandResult(
                status: process.terminationStatus, output: try String(contentsOf: files[0], encoding: .utf8),
                errors: try String(contentsOf: files[1], encoding: .utf8))
        }
    }
}

/// Something that a test needs is not as it must be.
struct Unexpected: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Looks until there is a value. What never comes is told by name after nine minutes, which nothing but a hang takes,
/// and before a test's time is over.
@discardableResult
func eventually<Value>(_ what: String, _ look: () async throws -> Value?) async throws -> Value {
    let end = ContinuousClock.now + .seconds(540)
    while true {
        if let value = try await look() { return value }
        guard ContinuousClock.now < end else { throw Unexpected("never: \(what)") }
        try await Task.sleep(for: .milliseconds(40))
    }
}
