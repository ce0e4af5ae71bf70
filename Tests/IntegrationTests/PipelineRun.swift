import DICOMSeries
import Foundation
import JobEngine
import Messaging
import Phantoms
import Studies
import Threads
import Volumes

/// One held-out phantom on its way: published over AMQP as a hospital does, with a label and a queue for the answer.
struct PipelineRun: Sendable {
    static let tenant: Tenant = "clinic"

    let model: ModelVersion
    let messageID: String
    /// DICOM objects.
    let ct: URL
    let body: [UInt8]
    let study: Study
    let jobs: [JobRecord]
    let replyQueue: String
    /// Bound to all events before the study was published.
    let eventQueue: String

    static var shared: PipelineRun {
        get async throws { try await running.value }
    }

    private static let running = Task.detached { try await make() }

    private static func make() async throws -> PipelineRun {
        let system = try await RunningSystem.shared
        let model = try await TinyModel.version
        let folder = system.inputs.appending(path: "held-out", directoryHint: .isDirectory)
        try await OwnThread.run {
            try PhantomStudy(seed: 99, configuration: TinyModel.phantom).write(to: folder, format: .dicom)
        }
        let (replyQueue, eventQueue) = ("test.reply", "test.events")
        try await system.withSession { session in
            for queue in [replyQueue, eventQueue] {
                try await session.declare(QueueDeclaration(name: queue, arguments: [:]))
            }
            for key in ["job.#", "study.#"] {
                try await session.bind(eventQueue, to: "columna.events", routingKey: key)
            }
        }
        let messageID = "hospital-0001"
        let ct = PhantomStudy.ctLocation(in: folder, format: .dicom)
        let body = """
            {"specversion": "1.0", "type": "dev.columna.study.submitted.v1", "id": "\(messageID)", "source": "hospital/pacs",
             "data": {"path": "\(ct.path)", "labelPath": "\(PhantomStudy.labelsLocation(in: folder).path)", "model": "tiny", "priority": "urgent"}}
            """
        let answer = try await system.publishStudy(
            Array(body.utf8), tenant: tenant, messageID: messageID, replyTo: replyQueue, correlationID: "request-17")
        guard answer == .confirmed else { throw Unexpected("the broker answered \(answer) to a study") }
        let study = try await system.endedStudy(messageID: messageID, tenant: tenant)
        return PipelineRun(
            model: model, messageID: messageID, ct: ct, body: Array(body.utf8), study: study,
            jobs: try await system.jobs(of: study),
            replyQueue: replyQueue, eventQueue: eventQueue)
    }

    func job(_ kind: JobKind) throws -> JobRecord {
        guard let job = jobs.first(where: { $0.kind == kind }) else {
            throw Unexpected("the study has no job \(kind.rawValue)")
        }
        return job
    }

    func output(_ kind: JobKind, _ role: String, _ system: RunningSystem) async throws -> ArtifactReference {
        guard let found = try await system.outputs(of: job(kind).id).first(where: { $0.role == role }) else {
            throw Unexpected("\(kind.rawValue) left no \(role)")
        }
        return found
    }
}
