import DIMSE
import Foundation
import JobEngine
import Logging
import ServiceLifecycle
import Site
import Storage
import Studies
import Threads
import WorkerRuntime

/// Listens as a DICOM storage provider: takes instances of the callers that the site file names, and answers success
/// when they are durable.
struct DICOMListener: Service {
    private let provider: StorageProvider
    private let settings: Listener
    private let log: Logger
    private let graceInSeconds: Double

    init(_ settings: Listener, receiver: InstanceReceiver, folder: URL, graceInSeconds: Double, log: Logger) throws {
        self.settings = settings
        self.log = log
        self.graceInSeconds = graceInSeconds
        let transfers = Transfers()
        provider = try StorageProvider(
            .init(
                title: settings.title, bindAddress: settings.address, port: settings.port,
                maximumAssociations: settings.maximumAssociations,
                folder: folder),
            admit: { Self.admission($0, settings) },
            receive: { Self.receive($0, settings, receiver, transfers, log) },
            observe: { Self.observe($0, receiver, transfers, log) })
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            guard await start() else { return }
            log.info(
                "listening for DICOM",
                metadata: [
                    "title": "\(settings.title)", "address": "\(settings.address)",
                    "port": "\(provider.port ?? settings.port)",
                ])
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
        }
        let stopping = provider
        let grace = graceInSeconds
        await OwnThread.run { stopping.stop(gracePeriod: .seconds(grace)) }
    }

    /// Whether it listens. Of several workers on one host one has the port; the others wait and take over when it ends.
    private func start() async -> Bool {
        var hasComplained = false
        while !Task.isCancelled {
            do {
                try provider.start()
                return true
            } catch {
                if !hasComplained {
                    log.warning(
                        "not listening for DICOM now, another worker may have the port",
                        metadata: ["reason": "\(error)"])
                    hasComplained = true
                }
                try? await Task.sleep(for: .seconds(5))
            }
        }
        return false
    }

    private static func admission(_ request: AssociationRequest, _ settings: Listener) -> Admission {
        guard request.calledTitle == settings.title else { return .rejected(.calledTitleNotRecognized) }
        let tenant = settings.tenant(calling: request.callingTitle, from: request.peerAddress)
        return tenant == nil ? .rejected(.callingTitleNotRecognized) : .accepted
    }

    /// On the association's own thread.
    private static func receive(
        _ instance: ReceivedInstance, _ settings: Listener, _ receiver: InstanceReceiver, _ transfers: Transfers,
        _ log: Logger
    ) -> StoreStatus {
        guard let tenant = settings.tenant(calling: instance.callingTitle, from: instance.peerAddress) else {
            return .refused
        }
        do {
            let studyKey = try OwnThread.wait { try await receiver.take(instance.file, tenant: tenant) }
            transfers.note(studyKey: studyKey, tenant: tenant)
            return .success
        } catch {
            let failure = JobFailure(reading: "instance", error)
            log.warning("instance refused", metadata: ["caller": "\(instance.callingTitle)", "failure": "\(failure)"])
            // What may pass is for the sender to try again; what is wrong with the object stays wrong.
            return failure.class == .data ? .cannotUnderstand : .outOfResources
        }
    }

    private static func observe(
        _ event: AssociationEvent, _ receiver: InstanceReceiver, _ transfers: Transfers, _ log: Logger
    ) {
        switch event.kind {
        case .answered(status: 0, _), .echoed, .opened: log.debug("\(event)")
        case .released: log.info("\(event)")
        default: log.warning("\(event)")
        }
        switch event.kind {
        case .released, .ended:
            for (tenant, studyKeys) in transfers.end() {
                do {
                    try OwnThread.wait {
                        try await receiver.arrivals.endTransfer(tenant: tenant, studyKeys: studyKeys)
                    }
                } catch {
                    // Quiet time ends the study all the same.
                    log.warning(
                        "cannot note the end of a transfer", metadata: ["failure": "\(JobFailure(error))"])
                }
            }
        default: break
        }
    }
}
