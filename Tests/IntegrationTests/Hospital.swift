import DIMSE
import DICOMSeries
import Foundation
import JobEngine
import Messaging
import Persistence
import Phantoms
import Registry
import Studies
import TestSupport
import Threads

/// A hospital around the running system: a scanner, an Orthanc as its archive, and an ingestion worker that knows both.
struct Hospital: Sendable {
    static let scanner = "SCANNER"
    static let title = "SPINES"
    /// Tenants: one whose identities stay, one whose identities are removed.
    static let radiology: Tenant = "radiology"
    static let research: Tenant = "research"
    /// One whose results wait while they need review.
    static let careful: Tenant = "careful"

    let system: RunningSystem
    let orthanc: OrthancServer
    let port: Int
    let arrivals: PostgresArrivals

    /// Runs `body` with the hospital in place; tests come one after the other, so that the port and the worker are
    /// theirs.
    static func with(_ body: (Hospital) async throws -> Void) async throws {
        let system = try await RunningSystem.shared
        _ = try await TinyModel.version
        let port = try OrthancServer.freePort()
        let orthanc = try await OwnThread.run {
            try OrthancServer(modalities: [title: port], needsPassword: true)
        }
        defer { orthanc.shutDown() }
        let folder = orthanc.folder
        for (name, content) in try secrets() { try Data(content.utf8).write(to: folder.appending(path: name)) }
        try Data(site(port, orthanc, inputs: system.inputs.path).utf8).write(to: folder.appending(path: "site.yaml"))
        let environment = ["COLUMNA_SITE": folder.appending(path: "site.yaml").path]
        try await system.withIngestion(environment: environment) {
            let hospital = Hospital(
                system: system, orthanc: orthanc, port: port, arrivals: PostgresArrivals(pool: system.pool))
            try await eventually("the listener answers") { try? await hospital.echo() }
            try await body(hospital)
        }
    }

    private static func secrets() throws -> [(String, String)] {
        let random = { (0..<48).map { _ in String(format: "%02x", UInt8.random(in: 0...255)) }.joined() }
        return [
            ("site-secret", random()), ("custody-keys", "2026-01 \(random().prefix(64))\n"),
            ("password", OrthancServer.password),
        ]
    }

    private static func site(_ port: Int, _ orthanc: OrthancServer, inputs: String) -> String {
        let folder = orthanc.folder.path
        return """
            listener:
              ae-title: \(title)
              port: \(port)
              callers:
                - {ae-title: \(scanner), tenant: \(radiology)}
                - {ae-title: \(scanner)2, tenant: \(research)}
                - {ae-title: \(OrthancServer.title), tenant: \(radiology)}
            nodes:
              get: {dimse: {ae-title: \(OrthancServer.title), host: 127.0.0.1, port: \(orthanc.dicomPort), retrieve: get}}
              move: {dimse: {ae-title: \(OrthancServer.title), host: 127.0.0.1, port: \(orthanc.dicomPort), retrieve: move}}
              web: {dicomweb: {url: '\(orthanc.dicomWebURL.absoluteString)', user: \(OrthancServer.user), password-file: \(folder)/password}}
            tenants:
              \(radiology): {model: tiny, quiet-seconds: 600, pull-from: [get, move, web], deliver-to: [get, web]}
              \(careful): {model: tiny, quiet-seconds: 600, pull-from: [get], deliver-to: [get], on-review: hold, input-roots: ['\(inputs)/careful']}
              \(research):
                model: tiny
                quiet-seconds: 600
                deliver-to: [web]
                de-identification: {profile: basic, dates: shift}
            secret-file: \(folder)/site-secret
            custody-keys: \(folder)/custody-keys
            """
    }

    // MARK: Scanner

    func node(as title: String = scanner) throws -> RemoteNode {
        try RemoteNode(
            try ApplicationEntity(title: Self.title, host: "127.0.0.1", port: port), callingTitle: title,
            timeout: .seconds(30))
    }

    var archive: RemoteNode {
        get throws {
            try RemoteNode(
                try ApplicationEntity(title: OrthancServer.title, host: "127.0.0.1", port: orthanc.dicomPort),
                callingTitle: Self.title, timeout: .seconds(30))
        }
    }

    private func echo() async throws -> Bool {
        let node = try node()
        try await OwnThread.run { try node.echo() }
        return true
    }

    /// A phantom's slices as files, with what they are.
    func phantom(_ seed: UInt64) async throws -> (files: [URL], study: String, patient: String) {
        let folder = system.inputs.appending(path: "scan-\(seed)")
        return try await OwnThread.run {
            try PhantomStudy(seed: seed, configuration: TinyModel.phantom).write(to: folder, format: .dicom)
            let ct = PhantomStudy.ctLocation(in: folder, format: .dicom)
            let files = try FileManager.default.contentsOfDirectory(at: ct, includingPropertiesForKeys: nil).sorted {
                $0.path < $1.path
            }
            return (files, try InstanceIdentifiers.read(files[0]).studyInstanceUID, "phantom-\(seed)")
        }
    }

    /// Stores files as a scanner does, over one association.
    func send(_ files: [URL], to node: RemoteNode) async throws {
        let outcomes = try await OwnThread.run { try node.store(files) }
        if let failed = outcomes.first(where: { !$0.isStored }) {
            throw Unexpected("an instance was not stored: \(failed)")
        }
    }

    // MARK: Messages

    func declareComplete(_ study: String, tenant: Tenant, instances: Int? = nil) async throws {
        let sender = IntakeSender(tenant: tenant, source: "hospital/ris", messageID: UUID().uuidString)
        let message = try StudyCompletion(sender: sender, studyInstanceUID: study, instanceCount: instances).message()
        guard try await system.publish(message) == .confirmed else { throw Unexpected("the completion was not taken") }
    }

    /// Asks for a study in an archive; the study once it has ended.
    ///
    /// - Parameter model: nil: the tenant's.
    func fetch(_ study: String, from source: String, model: ModelReference? = nil, tenant: Tenant = radiology)
        async throws
        -> Study
    {
        let sender = IntakeSender(tenant: tenant, source: "hospital/ris", messageID: UUID().uuidString)
        let request = StudyRequest(
            sender: sender, source: source, studyInstanceUID: study, order: StudyOrder(pipeline: .segment, model: model)
        )
        guard try await system.publish(try request.message()) == .confirmed else {
            throw Unexpected("the request was not taken")
        }
        return try await system.endedStudy(messageID: sender.messageID, tenant: tenant)
    }

    // MARK: Facts

    /// The newest revision of the only study of these arrivals, once it is complete.
    func completed(tenant: Tenant, besides known: Set<UUID> = [], revision: Int = 1) async throws -> Arrival {
        try await eventually("a study is complete") {
            try await arrivals.arrivals(tenant: tenant, states: [.complete], limit: 20).first {
                !known.contains($0.id) && $0.revision == revision
            }
        }
    }

    func ended(_ arrival: Arrival) async throws -> Study {
        guard let id = arrival.study else { throw Unexpected("a complete arrival without a study") }
        return try await eventually("the study ends") {
            guard let study = try await system.catalog.study(id), study.state != .submitted else { return nil }
            return study
        }
    }

    /// What the archive has of a study, by modality.
    func archived(_ study: String) async throws -> [String: [StudyContents.Instance]] {
        let archive = try archive
        let contents = try await OwnThread.run { try archive.findInstances(study: study) }
        return contents.series.reduce(into: [:]) { $0[$1.modality, default: []] += $1.instances }
    }

    func known(tenant: Tenant) async throws -> Set<UUID> {
        Set(try await arrivals.arrivals(tenant: tenant, states: nil, limit: 1000).map(\.id))
    }
}
