import CDIMSE
import DICOMDictionary
import Foundation

/// The only file that imports the C module. Handles become classes with one owner, statuses become `DIMSEError`, C
/// callbacks become closures.
enum DIMSELibrary {
    static let storageClasses = list(cdimse_storage_classes)
    static let commonStorageClasses = list(cdimse_common_storage_classes)

    private static func list(_ names: (UnsafeMutablePointer<Int>) -> UnsafePointer<UnsafePointer<CChar>?>?) -> [String]
    {
        var count = 0
        let first = names(&count)
        return UnsafeBufferPointer(start: first, count: count).compactMap { $0.map { String(cString: $0) } }
    }

    /// - Throws: `DIMSEError`: `fileNotReadable`, `notDICOM`, `damaged`.
    static func readHeader(of path: String) throws(DIMSEError) -> FileHeader {
        var header = cdimse_file_header()
        var failure = cdcmtk_failure()
        guard cdimse_read_header(path, &header, &failure) != 0 else { throw DIMSEError(failure) }
        return FileHeader(
            sopClass: text(header.sop_class), sopInstance: text(header.sop_instance),
            transferSyntax: text(header.transfer_syntax),
            byteCount: Int(header.byte_count))
    }

    /// A terminated C string in a fixed array.
    fileprivate static func text<Array>(_ array: Array) -> String {
        withUnsafeBytes(of: array) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// C strings that live as long as `body`.
    fileprivate static func withStrings<Result>(_ texts: [String], _ body: ([UnsafePointer<CChar>?]) -> Result)
        -> Result
    {
        let copies = texts.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return body(copies.map { UnsafePointer($0) })
    }
}

/// What the header of a DICOM file says.
struct FileHeader: Sendable {
    var sopClass: String
    var sopInstance: String
    var transferSyntax: String
    /// Of the file.
    var byteCount: Int
}

// MARK: - Provider

/// The closures of a provider, as its threads find them.
final class ProviderHandlers: Sendable {
    let admit: @Sendable (AssociationRequest) -> Admission
    let receive: @Sendable (ReceivedInstance) -> StoreStatus
    let observe: @Sendable (AssociationEvent) -> Void

    init(
        admit: @escaping @Sendable (AssociationRequest) -> Admission,
        receive: @escaping @Sendable (ReceivedInstance) -> StoreStatus,
        observe: @escaping @Sendable (AssociationEvent) -> Void
    ) {
        self.admit = admit
        self.receive = receive
        self.observe = observe
    }

    fileprivate static func of(_ context: UnsafeMutableRawPointer?) -> ProviderHandlers {
        guard let context else { preconditionFailure("the DICOM provider lost its handlers") }
        return Unmanaged<ProviderHandlers>.fromOpaque(context).takeUnretainedValue()
    }
}

/// A running provider. The handle is only read by `port` and given up by `stop`, which its one owner calls once; the
/// threads behind it are the C++ side's own: hence unchecked.
final class Listener: @unchecked Sendable {
    private let provider: OpaquePointer
    /// Outlives the provider's threads, which `stop` waits for.
    private let handlers: ProviderHandlers
    let port: Int

    init(_ configuration: StorageProvider.Configuration, _ handlers: ProviderHandlers) throws(DIMSEError) {
        var failure = cdcmtk_failure()
        let context = Unmanaged.passUnretained(handlers).toOpaque()
        let functions = cdimse_handlers(context: context, admit: admit, receive: receive, observe: observe)
        let texts = [configuration.bindAddress, configuration.folder.path] + TransferSyntax.offered
        let started = DIMSELibrary.withStrings(texts) { strings in
            strings.withUnsafeBufferPointer { strings in
                var settings = cdimse_provider_settings(
                    bind_address: strings[0], port: UInt16(configuration.port),
                    maximum_associations: Int32(configuration.maximumAssociations),
                    maximum_pdu: UInt32(configuration.maximumPDU),
                    timeout: configuration.associationTimeout.wholeSeconds,
                    folder: strings[1], largest_instance: UInt64(configuration.largestInstanceInBytes),
                    transfer_syntaxes: strings.baseAddress.map { $0 + 2 },
                    transfer_syntax_count: TransferSyntax.offered.count)
                return cdimse_provider_start(&settings, functions, &failure)
            }
        }
        guard let started else { throw DIMSEError(failure) }
        provider = started
        port = Int(cdimse_provider_port(started))
        self.handlers = handlers
    }

    /// Blocks until the provider's threads have ended.
    func stop(gracePeriod: Duration) {
        cdimse_provider_stop(provider, max(0, gracePeriod / .seconds(1)))
    }
}

private func admit(_ context: UnsafeMutableRawPointer?, _ peer: UnsafePointer<cdimse_peer>?) -> cdimse_admission {
    switch ProviderHandlers.of(context).admit(AssociationRequest(peer)) {
    case .accepted: CDIMSE_ADMIT
    case .rejected(.callingTitleNotRecognized): CDIMSE_REFUSE_CALLING
    case .rejected(.calledTitleNotRecognized): CDIMSE_REFUSE_CALLED
    case .rejected(.localLimitExceeded): CDIMSE_REFUSE_LIMIT
    }
}

private func receive(
    _ context: UnsafeMutableRawPointer?, _ peer: UnsafePointer<cdimse_peer>?,
    _ instance: UnsafePointer<cdimse_instance>?
) -> UInt16 {
    ProviderHandlers.of(context).receive(ReceivedInstance(instance, AssociationRequest(peer))).code
}

private func observe(
    _ context: UnsafeMutableRawPointer?, _ peer: UnsafePointer<cdimse_peer>?, _ event: UnsafePointer<cdimse_event>?
) {
    guard let event = event?.pointee else { return }
    let kind: AssociationEvent.Kind =
        switch event.kind {
        case CDIMSE_EVENT_OPENED: .opened
        case CDIMSE_EVENT_REFUSED: .rejected(rejection(event.detail))
        case CDIMSE_EVENT_ECHO: .echoed
        case CDIMSE_EVENT_STORED:
            .answered(status: UInt16(truncatingIfNeeded: event.detail), byteCount: Int(event.bytes))
        case CDIMSE_EVENT_RELEASED: .released
        default: .ended(DIMSEError.Code(cdcmtk_status(rawValue: UInt32(bitPattern: event.detail))))
        }
    ProviderHandlers.of(context).observe(
        AssociationEvent(association: event.association, request: AssociationRequest(peer), kind: kind))
}

private func rejection(_ detail: Int32) -> Admission.Rejection {
    switch cdimse_admission(rawValue: UInt32(bitPattern: detail)) {
    case CDIMSE_REFUSE_CALLING: .callingTitleNotRecognized
    case CDIMSE_REFUSE_CALLED: .calledTitleNotRecognized
    default: .localLimitExceeded
    }
}

extension AssociationRequest {
    /// Titles come from strangers and go to logs: whatever is not printable ASCII becomes a question mark.
    fileprivate init(_ peer: UnsafePointer<cdimse_peer>?) {
        func printable(_ text: UnsafePointer<CChar>?) -> String {
            guard let text else { return "" }
            return String(
                decoding: UnsafeBufferPointer(start: text, count: strlen(text)).map { byte in
                    (0x20..<0x7F).contains(byte) ? UInt8(bitPattern: byte) : UInt8(ascii: "?")
                }, as: UTF8.self)
        }
        self.init(
            callingTitle: printable(peer?.pointee.calling_title), calledTitle: printable(peer?.pointee.called_title),
            peerAddress: printable(peer?.pointee.address))
    }
}

extension ReceivedInstance {
    fileprivate init(_ instance: UnsafePointer<cdimse_instance>?, _ request: AssociationRequest) {
        func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
        let instance = instance?.pointee
        self.init(
            file: URL(filePath: text(instance?.path), directoryHint: .notDirectory), callingTitle: request.callingTitle,
            calledTitle: request.calledTitle, peerAddress: request.peerAddress, sopClassUID: text(instance?.sop_class),
            sopInstanceUID: text(instance?.sop_instance), transferSyntaxUID: text(instance?.transfer_syntax),
            byteCount: Int(instance?.byte_count ?? 0))
    }
}

// MARK: - Associations

/// An association to a node; aborted when it goes out of scope before `release`. Owned by one thread, all calls block.
final class Association {
    private var link: OpaquePointer?

    init(_ node: RemoteNode, _ proposals: [Proposal]) throws(DIMSEError) {
        var failure = cdcmtk_failure()
        let names = proposals.flatMap { [$0.abstractSyntax] + $0.transferSyntaxes }
        link = DIMSELibrary.withStrings([node.entity.host, node.entity.title, node.callingTitle] + names) { strings in
            var described = cdimse_node(
                host: strings[0], port: node.entity.port, called_title: strings[1], calling_title: strings[2],
                connect_timeout: node.connectTimeout.wholeSeconds, timeout: node.timeout.wholeSeconds,
                maximum_pdu: 131_072)
            return strings.withUnsafeBufferPointer { strings in
                var position = 3
                let contexts = proposals.compactMap { proposal -> cdimse_proposal? in
                    guard let first = strings.baseAddress else { return nil }
                    defer { position += 1 + proposal.transferSyntaxes.count }
                    return cdimse_proposal(
                        abstract_syntax: strings[position], transfer_syntaxes: first + position + 1,
                        transfer_syntax_count: proposal.transferSyntaxes.count,
                        as_provider: proposal.isAsProvider ? 1 : 0)
                }
                return cdimse_open(&described, contexts, contexts.count, &failure)
            }
        }
        if link == nil { throw DIMSEError(failure, node: node) }
    }

    deinit { abort() }

    /// In agreement with the node.
    func release() {
        cdimse_release(link)
        link = nil
    }

    func abort() {
        cdimse_abort(link)
        link = nil
    }

    /// Whether messages can still be exchanged after this failure of `store`: it was found before anything was sent.
    func isUsable(after error: DIMSEError) -> Bool {
        switch error.code {
        case .notSupported, .notDICOM, .damaged, .fileNotReadable: true
        default: false
        }
    }

    func echo() throws(DIMSEError) -> UInt16 {
        var status: UInt16 = 0
        var failure = cdcmtk_failure()
        guard cdimse_echo(link, &status, &failure) != 0 else { throw DIMSEError(failure) }
        return status
    }

    func store(_ path: String) throws(DIMSEError) -> UInt16 {
        var status: UInt16 = 0
        var failure = cdcmtk_failure()
        guard cdimse_store(link, path, &status, &failure) != 0 else { throw DIMSEError(failure) }
        return status
    }

    /// One dictionary per match, with all attributes of `keys`.
    func find(_ keys: QueryKeys, isCancelled: () -> Bool) throws(DIMSEError) -> [[AttributeTag: String]] {
        var status: UInt16 = 0
        var failure = cdcmtk_failure()
        let attributes = keys.sorted.map(\.attribute)
        let (succeeded, texts) = withoutActuallyEscaping(isCancelled) { isCancelled in
            let matches = Matches(isCancelled)
            let context = Unmanaged.passUnretained(matches).toOpaque()
            let succeeded = Self.withKeys(keys) { cdimse_find(link, $0, $1, match, context, &status, &failure) }
            return (succeeded, matches.texts)
        }
        guard succeeded != 0 else { throw DIMSEError(failure) }
        guard status == 0 else { throw .refused(status, "C-FIND") }
        return texts.map { Dictionary(uniqueKeysWithValues: zip(attributes, $0)) }
    }

    func get(
        _ keys: QueryKeys, folder: String, largestInstanceInBytes: Int, isCancelled: () -> Bool,
        progress: (Retrieval) -> Void,
        receive: (ReceivedInstance) -> StoreStatus
    ) throws(DIMSEError) -> Retrieval {
        try retrieve("C-GET", isCancelled, progress, receive) { retrieval, counts, failure in
            Self.withKeys(keys) {
                cdimse_get(link, $0, $1, folder, UInt64(largestInstanceInBytes), retrieval, counts, failure)
            }
        }
    }

    func move(
        _ keys: QueryKeys, to title: String, isCancelled: () -> Bool, progress: (Retrieval) -> Void
    ) throws(DIMSEError) -> Retrieval {
        try retrieve("C-MOVE", isCancelled, progress, { _ in .refused }) { retrieval, counts, failure in
            Self.withKeys(keys) { cdimse_move(link, $0, $1, title, retrieval, counts, failure) }
        }
    }

    private func retrieve(
        _ action: String, _ isCancelled: () -> Bool, _ progress: (Retrieval) -> Void,
        _ receive: (ReceivedInstance) -> StoreStatus,
        _ body: (cdimse_retrieval, UnsafeMutablePointer<cdimse_counts>, UnsafeMutablePointer<cdcmtk_failure>) -> Int32
    ) throws(DIMSEError) -> Retrieval {
        var counts = cdimse_counts()
        var failure = cdcmtk_failure()
        let succeeded = withoutActuallyEscaping(isCancelled) { isCancelled in
            withoutActuallyEscaping(progress) { progress in
                withoutActuallyEscaping(receive) { receive in
                    let handlers = RetrievalHandlers(isCancelled, progress, receive)
                    return withExtendedLifetime(handlers) {
                        let context = Unmanaged.passUnretained(handlers).toOpaque()
                        return body(
                            cdimse_retrieval(context: context, receive: receiveRetrieved, progress: showProgress),
                            &counts, &failure)
                    }
                }
            }
        }
        guard succeeded != 0 else { throw DIMSEError(failure) }
        let result = Retrieval(counts)
        // B000: done, and some objects failed, which the counts tell.
        guard counts.status == 0 || counts.status == 0xB000 else { throw .refused(counts.status, action) }
        return result
    }

    private static func withKeys(_ keys: QueryKeys, _ body: (UnsafePointer<cdimse_key>?, Int) -> Int32) -> Int32 {
        let sorted = keys.sorted
        return DIMSELibrary.withStrings(sorted.map(\.value)) { values in
            let elements = zip(sorted, values).map { key, value in
                cdimse_key(group: key.attribute.group, element: key.attribute.element, value: value)
            }
            return body(elements, elements.count)
        }
    }
}

/// The matches of a query as they come in.
private final class Matches {
    var texts: [[String]] = []
    let isCancelled: () -> Bool

    init(_ isCancelled: @escaping () -> Bool) { self.isCancelled = isCancelled }
}

private func match(_ context: UnsafeMutableRawPointer?, _ values: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int)
    -> Int32
{
    guard let context else { return 0 }
    let matches = Unmanaged<Matches>.fromOpaque(context).takeUnretainedValue()
    matches.texts.append(UnsafeBufferPointer(start: values, count: count).map { $0.map { String(cString: $0) } ?? "" })
    return matches.isCancelled() ? 0 : 1
}

private final class RetrievalHandlers {
    let isCancelled: () -> Bool
    let progress: (Retrieval) -> Void
    let receive: (ReceivedInstance) -> StoreStatus

    init(
        _ isCancelled: @escaping () -> Bool, _ progress: @escaping (Retrieval) -> Void,
        _ receive: @escaping (ReceivedInstance) -> StoreStatus
    ) {
        self.isCancelled = isCancelled
        self.progress = progress
        self.receive = receive
    }
}

private func receiveRetrieved(_ context: UnsafeMutableRawPointer?, _ instance: UnsafePointer<cdimse_instance>?)
    -> UInt16
{
    guard let context else { return StoreStatus.refused.code }
    let handlers = Unmanaged<RetrievalHandlers>.fromOpaque(context).takeUnretainedValue()
    return handlers.receive(
        ReceivedInstance(instance, AssociationRequest(callingTitle: "", calledTitle: "", peerAddress: ""))
    ).code
}

private func showProgress(_ context: UnsafeMutableRawPointer?, _ counts: UnsafePointer<cdimse_counts>?) -> Int32 {
    guard let context, let counts else { return 0 }
    let handlers = Unmanaged<RetrievalHandlers>.fromOpaque(context).takeUnretainedValue()
    handlers.progress(Retrieval(counts.pointee))
    return handlers.isCancelled() ? 0 : 1
}

extension Retrieval {
    fileprivate init(_ counts: cdimse_counts) {
        self.init(
            remaining: counts.remaining < 0 ? nil : Int(counts.remaining), completed: Int(counts.completed),
            failed: Int(counts.failed),
            warnings: Int(counts.warnings))
    }
}

extension Duration {
    /// At least one, at most a day.
    fileprivate var wholeSeconds: Int32 { Int32(min(max((self / .seconds(1)).rounded(.up), 1), 86_400)) }
}

// MARK: - Errors

extension DIMSEError.Code {
    fileprivate init(_ status: cdcmtk_status) {
        self =
            switch status {
            case CDCMTK_INVALID: .invalidConfiguration
            case CDCMTK_ADDRESS_IN_USE: .addressInUse
            case CDCMTK_UNREACHABLE: .unreachable
            case CDCMTK_REJECTED: .rejected
            case CDCMTK_REJECTED_TRANSIENT: .temporarilyRejected
            case CDCMTK_UNSUPPORTED: .notSupported
            case CDCMTK_ABORTED: .aborted
            case CDCMTK_RELEASED, CDCMTK_LOST: .connectionLost
            case CDCMTK_TIMED_OUT: .timedOut
            case CDCMTK_PROTOCOL: .protocolViolation
            case CDCMTK_UNREADABLE: .fileNotReadable
            case CDCMTK_NOT_DICOM: .notDICOM
            case CDCMTK_CORRUPT: .damaged
            case CDCMTK_UNWRITABLE: .fileNotWritable
            case CDCMTK_CANCELLED: .cancelled
            case CDCMTK_MEMORY: .memoryExhausted
            default: .internalFailure
            }
    }
}

extension DIMSEError {
    fileprivate init(_ failure: cdcmtk_failure, node: RemoteNode? = nil) {
        let fact = DIMSELibrary.text(failure.text)
        let place =
            node.map { " (\($0.entity.title) at \($0.entity.host):\($0.entity.port), called by \($0.callingTitle))" }
            ?? ""
        let advice =
            switch (failure.status, failure.reason) {
            case (CDCMTK_REJECTED, 0x0103): ": it does not know our title; enter it there"
            case (CDCMTK_REJECTED, 0x0107): ": it does not go by this title; correct it here"
            case (CDCMTK_UNREACHABLE, _): "; check host, port and firewall"
            default: ""
            }
        self.init(Code(failure.status), fact + advice + place)
    }
}
