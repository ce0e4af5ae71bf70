import DIMSE
import Foundation
import JobEngine
import Site

/// An archive on the DICOM network.
struct DIMSEArchive: Archive {
    let node: RemoteNode
    let retrieval: Node.Retrieval
    /// Our own title, under which the archive knows our listener.
    let title: String

    init(_ settings: Node.DIMSE, title: String) throws {
        self.title = title
        retrieval = settings.retrieval
        node = try RemoteNode(
            try ApplicationEntity(title: settings.title, host: settings.host, port: settings.port), callingTitle: title)
    }

    func series(ofStudy study: String) throws -> [ArchivedSeries] {
        try node.findInstances(study: study).series.map {
            ArchivedSeries(uid: $0.seriesInstanceUID, modality: $0.modality, instanceCount: $0.instances.count)
        }
    }

    func fetch(series: String, ofStudy study: String, into folder: URL, _ control: TransferControl) throws {
        let result: Retrieval
        switch retrieval {
        case .get:
            result = try node.get(study: study, series: series, into: folder, isCancelled: control.isCancelled) {
                instance in
                do {
                    // Kept under a name of its own: the file goes when this returns.
                    try FileManager.default.moveItem(
                        at: instance.file, to: folder.appending(path: "\(UUID().uuidString).dcm"))
                    control.received()
                    return .success
                } catch {
                    return .outOfResources
                }
            }
        case .move:
            let seen = LastCount()
            result = try node.move(
                study: study, series: series, to: title, isCancelled: control.isCancelled,
                progress: { for _ in 0..<seen.advance(to: $0.completed) { control.received() } })
        }
        guard result.isWhole else {
            throw JobFailure(
                class: .transient, code: "retrieval-incomplete",
                reason:
                    "the archive failed to send \(result.failed) of \(result.failed + result.completed) instances: see its log"
            )
        }
    }

    func contains(_ instance: InstanceReference) throws -> Bool {
        try node.contains(sopInstanceUID: instance.instance, study: instance.study, series: instance.series)
    }

    func store(_ file: URL) throws {
        if let error = try node.store([file]).first?.error { throw error }
    }
}

/// How far a count that only grows has come.
private final class LastCount {
    private var count = 0

    func advance(to newCount: Int) -> Int {
        defer { count = max(count, newCount) }
        return max(0, newCount - count)
    }
}
