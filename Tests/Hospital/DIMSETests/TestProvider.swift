import DIMSE
import Foundation
import Synchronization
import TestSupport

/// A provider on loopback with a folder of its own, which remembers what it was told and what came.
final class TestProvider: Sendable {
    static let title = "COLUMNA"

    struct Stored: Sendable {
        var instance: ReceivedInstance
        var dataset: Data
    }

    private struct State {
        var stored: [Stored] = []
        var events: [AssociationEvent] = []
    }

    let folder = FileManager.default.temporaryDirectory.appending(path: "columna-dimse-\(UUID().uuidString)")
    let provider: StorageProvider
    private let host: String
    private let state: Box

    private final class Box: Sendable {
        let state = Mutex(State())
    }

    /// - Parameters:
    ///   - host: one of its own for who asks whether nobody listens any more: the port may be another test's by then.
    ///   - receive: decides about an object before it is remembered.
    init(
        maximumAssociations: Int = 8, timeout: Duration = .seconds(20), largestInstance: Int = 64 << 20,
        folder incoming: URL? = nil,
        host: String = "127.0.0.1", port: Int = 0,
        receive: @escaping @Sendable (ReceivedInstance) -> StoreStatus = { _ in .success }
    ) throws {
        let box = Box()
        state = box
        self.host = host
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let configuration = StorageProvider.Configuration(
            title: Self.title, bindAddress: host, port: port, maximumAssociations: maximumAssociations,
            associationTimeout: timeout,
            folder: incoming ?? folder, largestInstanceInBytes: largestInstance)
        provider = try StorageProvider(
            configuration,
            admit: { request in
                guard request.calledTitle == Self.title else { return .rejected(.calledTitleNotRecognized) }
                return request.callingTitle == "STRANGER" ? .rejected(.callingTitleNotRecognized) : .accepted
            },
            receive: { instance in
                let status = receive(instance)
                guard status == .success, let data = try? TestObject.dataset(ofFileAt: instance.file) else {
                    return status
                }
                box.state.withLock { $0.stored.append(Stored(instance: instance, dataset: data)) }
                return status
            },
            observe: { event in box.state.withLock { $0.events.append(event) } })
        try provider.start()
    }

    deinit {
        provider.stop(gracePeriod: .zero)
        try? FileManager.default.removeItem(at: folder)
    }

    var port: Int { provider.port ?? 0 }
    var stored: [Stored] { state.state.withLock { $0.stored } }
    var events: [AssociationEvent] { state.state.withLock { $0.events } }
    var leftovers: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] }

    func node(calling: String = "SENDER", called: String = title, timeout: Duration = .seconds(20)) throws -> RemoteNode
    {
        try RemoteNode(
            ApplicationEntity(title: called, host: host, port: port), callingTitle: calling,
            connectTimeout: .seconds(60), timeout: timeout)
    }
}

/// A folder that goes with the object.
final class ScratchFolder: Sendable {
    let url = FileManager.default.temporaryDirectory.appending(path: "columna-dimse-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ objects: [TestObject]) throws -> [URL] { try objects.map { try $0.write(to: url) } }
}
