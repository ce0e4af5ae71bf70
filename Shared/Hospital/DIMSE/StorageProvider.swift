package import Foundation
import Synchronization

/// A DICOM storage service class provider (PS3.4 annex B): takes objects by C-STORE, answers C-ECHO.
///
/// Each caller has a thread of its own; `admit`, `receive` and `observe` are called on it and may block. Objects are
/// written to `folder` as they arrive, so only fragments are in memory.
package final class StorageProvider: Sendable {
    package struct Configuration: Sendable {
        /// Our title; whether callers must use it is for `admit` to decide.
        package var title: String
        /// Numeric IPv4; `0.0.0.0` for every address.
        package var bindAddress: String
        /// 0 for any that is free.
        package var port: Int
        package var maximumAssociations: Int
        /// Bytes, 4096 … 131072.
        package var maximumPDU: Int
        /// How long a caller may be silent or take for one protocol data unit; whole seconds.
        package var associationTimeout: Duration
        /// For files that are being received. It must exist, and be on the file system where objects end up if they are
        /// to be renamed.
        package var folder: URL
        package var largestInstanceInBytes: Int

        package init(
            title: String, bindAddress: String = "0.0.0.0", port: Int = 11112, maximumAssociations: Int = 32,
            maximumPDU: Int = 131_072,
            associationTimeout: Duration = .seconds(60), folder: URL, largestInstanceInBytes: Int = 4 << 30
        ) {
            self.title = title
            self.bindAddress = bindAddress
            self.port = port
            self.maximumAssociations = maximumAssociations
            self.maximumPDU = maximumPDU
            self.associationTimeout = associationTimeout
            self.folder = folder
            self.largestInstanceInBytes = largestInstanceInBytes
        }
    }

    private let configuration: Configuration
    private let handlers: ProviderHandlers
    private let listener = Mutex<Listener?>(nil)

    /// - Parameters:
    ///   - receive: answers success only when the object is durable. The file is removed after it returns, unless it
    ///     was moved.
    ///   - observe: for logs.
    /// - Throws: `DIMSEError.invalidConfiguration`.
    package init(
        _ configuration: Configuration, admit: @escaping @Sendable (AssociationRequest) -> Admission,
        receive: @escaping @Sendable (ReceivedInstance) -> StoreStatus,
        observe: @escaping @Sendable (AssociationEvent) -> Void = { _ in }
    ) throws(DIMSEError) {
        self.configuration = try configuration.checked()
        handlers = ProviderHandlers(admit: admit, receive: receive, observe: observe)
    }

    deinit { stop(gracePeriod: .zero) }

    /// Listens from when this returns; blocks for a few system calls only.
    ///
    /// - Throws: `DIMSEError.addressInUse`, `internalFailure`.
    package func start() throws(DIMSEError) {
        let started = try Listener(configuration, handlers)
        let previous = listener.withLock { current in
            if current == nil { current = started }
            return current !== started
        }
        guard previous else { return }
        started.stop(gracePeriod: .zero)
        throw DIMSEError(.invalidConfiguration, "the DICOM provider is started already: stop it first")
    }

    /// Where it listens; nil while it does not.
    package var port: Int? { listener.withLock { $0?.port } }

    /// Takes no more callers, lets transfers go on for so long, cuts the rest off and waits until every thread has
    /// ended. Blocks for that long, and longer when `receive` does.
    package func stop(gracePeriod: Duration) {
        let running = listener.withLock { current in
            defer { current = nil }
            return current
        }
        running?.stop(gracePeriod: gracePeriod)
    }

    /// Storage classes that are taken.
    package static var storageClasses: [String] { DIMSELibrary.storageClasses }
}

extension StorageProvider.Configuration {
    fileprivate func checked() throws(DIMSEError) -> Self {
        var checked = self
        checked.title = try ApplicationEntity.checkedTitle(title)
        func require(_ condition: Bool, _ message: String) throws(DIMSEError) {
            guard condition else { throw DIMSEError(.invalidConfiguration, message) }
        }
        try require((0...65535).contains(port), "the port to listen at is 0 to 65535, got \(port)")
        try require(
            (1...1000).contains(maximumAssociations),
            "1 to 1000 associations can be served at a time, got \(maximumAssociations)")
        try require(
            (4096...131_072).contains(maximumPDU),
            "the largest protocol data unit is 4096 to 131072 bytes, got \(maximumPDU)")
        try require(
            associationTimeout >= .seconds(1),
            "the time-out of associations is at least a second, got \(associationTimeout)")
        try require(
            largestInstanceInBytes > 0, "the largest object must have at least a byte, got \(largestInstanceInBytes)")
        let isFolder = (try? folder.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false
        try require(isFolder, "the folder for incoming objects does not exist: make it")
        return checked
    }
}
