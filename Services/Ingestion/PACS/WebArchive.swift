import DICOMDictionary
import DICOMweb
import Foundation
import HTTP
import JobEngine
import Site
import Studies

/// An archive by DICOMweb: QIDO-RS, WADO-RS, STOW-RS.
struct WebArchive: Archive {
    let client: DICOMwebClient

    /// - Throws: `JobFailure` of class `resource` when a file of the site's secrets cannot be read: mending it is
    ///   enough.
    init(_ settings: Node.Web) throws {
        guard let url = URL(string: settings.url) else {
            throw JobFailure(class: .data, code: "archive-url", reason: "an archive's url in the site file is no URL")
        }
        client = try DICOMwebClient(
            baseURL: url, credentials: try Self.credentials(settings),
            caFile: settings.authorities.map { URL(filePath: $0) })
    }

    private static func credentials(_ settings: Node.Web) throws -> DICOMwebClient.Credentials {
        if let file = settings.tokenFile { return .bearer(token: try secret(file, "token-file")) }
        guard let user = settings.user else { return .none }
        return .basic(user: user, password: try settings.passwordFile.map { try secret($0, "password-file") } ?? "")
    }

    private static func secret(_ path: String, _ key: String) throws -> String {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw JobFailure(
                class: .resource, code: "archive-secret",
                reason: "the \(key) of an archive in the site file cannot be read: mount the secret there")
        }
        return text.trimmingCharacters(in: .newlines)
    }

    /// QIDO-RS lists instances; their classes say what is CT.
    func series(ofStudy study: String) throws -> [ArchivedSeries] {
        let bySeries = Dictionary(grouping: try client.instances(study: study), by: \.seriesInstanceUID)
        return bySeries.sorted { $0.key < $1.key }.map { uid, instances in
            ArchivedSeries(uid: uid, modality: Self.modality(instances[0].sopClassUID), instanceCount: instances.count)
        }
    }

    /// CT Image, Enhanced CT and Legacy Converted Enhanced CT Image Storage (PS3.4 B.5); empty where the archive does
    /// not say.
    private static func modality(_ sopClass: String) -> String {
        return sopClass.isEmpty ? "" : SOPClass.computedTomography.contains(sopClass) ? "CT" : "other"
    }

    func fetch(series: String, ofStudy study: String, into folder: URL, _ control: TransferControl) throws {
        try client.retrieve(study: study, series: series, into: folder, isCancelled: control.isCancelled) { file in
            try FileManager.default.moveItem(at: file, to: folder.appending(path: "\(UUID().uuidString).dcm"))
            control.received()
        }
    }

    func contains(_ instance: InstanceReference) throws -> Bool {
        try client.contains(sopInstanceUID: instance.instance, study: instance.study, series: instance.series)
    }

    func store(_ file: URL) throws {
        guard let outcome = client.store([file]).first else { return }
        switch outcome.result {
        case .stored: return
        case .failed(let error): throw error
        case .refused(let reason):
            throw JobFailure(
                class: outcome.isTransient ? .transient : .data, code: "archive-refused-result",
                reason:
                    "the archive refused the segmentation with reason \(String(reason, radix: 16, uppercase: true)) of PS3.18 table I.2-2: see its log"
            )
        }
    }
}
