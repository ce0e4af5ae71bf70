package import Foundation
import HTTP

extension DICOMwebClient {
    package struct RetrievalLimits: Sendable, Hashable {
        package var largestInstanceInBytes: Int
        package var mostInstances: Int

        package init(largestInstanceInBytes: Int = 4 << 30, mostInstances: Int = 100_000) {
            self.largestInstanceInBytes = largestInstanceInBytes
            self.mostInstances = mostInstances
        }
    }

    package struct RetrievalProgress: Sendable, Hashable {
        package var finishedInstances: Int
        package var receivedBytes: Int
    }

    /// Fetches a study, one of its series or one object by WADO-RS, in whatever transfer syntax the server has it.
    /// Blocks.
    ///
    /// The answer is read as it comes, one object after the other. When it breaks off, what `receive` took stays taken:
    /// either fetch all again (taking the same object twice must do no harm), or list with `instances(study:)` and
    /// fetch what is missing.
    /// - Parameters:
    ///   - folder: where objects are written; each file is removed after `receive` returns, unless it was moved away.
    ///   - receive: called on this thread for each whole object.
    /// - Returns: how many objects came.
    /// - Throws: `DICOMwebError`, with `truncated` when the answer has no end; whatever `receive` throws, which ends
    ///   the transfer.
    @discardableResult
    package func retrieve(
        study: String, series: String? = nil, instance: String? = nil, into folder: URL,
        limits: RetrievalLimits = RetrievalLimits(),
        isCancelled: @escaping () -> Bool = { false }, progress: @escaping (RetrievalProgress) -> Void = { _ in },
        receive: @escaping (URL) throws -> Void
    ) throws -> Int {
        guard instance == nil || series != nil else {
            throw DICOMwebError(.invalidConfiguration, "an object can only be fetched when its series is named too")
        }
        let reception = Reception(folder: folder, limits: limits, progress: progress, receive: receive)
        let accept = "multipart/related; type=\"application/dicom\"; transfer-syntax=*"
        let url = try url(study: study, series: series, instance: instance)
        let head: HTTPTransfer.Head
        do throws(DICOMwebError) {
            head = try exchange(url: url, accept: accept, isCancelled: isCancelled) {
                head, bytes throws(DICOMwebError) in
                // What servers say with an error may name patients; nobody reads it.
                guard head.isSuccess else { return }
                try reception.take(bytes, head)
            }
        } catch {
            throw reception.receiverError ?? error
        }
        guard head.isSuccess else {
            throw DICOMwebError(httpStatus: head.status, retryAfter: head.retryAfter, action: "WADO-RS")
        }
        try reception.finish(head)
        return reception.count
    }
}

/// The objects of one WADO-RS answer.
private final class Reception {
    private let folder: URL
    private let limits: DICOMwebClient.RetrievalLimits
    private let progress: (DICOMwebClient.RetrievalProgress) -> Void
    private let receive: (URL) throws -> Void
    private var parser: MultipartParser?
    private var file: IncomingFile?
    private var bytes = 0
    private(set) var count = 0
    /// What `receive` threw.
    private(set) var receiverError: (any Error)?

    init(
        folder: URL, limits: DICOMwebClient.RetrievalLimits,
        progress: @escaping (DICOMwebClient.RetrievalProgress) -> Void,
        receive: @escaping (URL) throws -> Void
    ) {
        self.folder = folder
        self.limits = limits
        self.progress = progress
        self.receive = receive
    }

    func take(_ chunk: UnsafeRawBufferPointer, _ head: HTTPTransfer.Head) throws(DICOMwebError) {
        if parser == nil {
            guard let boundary = MultipartParser.boundary(ofContentType: head.contentType) else {
                throw DICOMwebError(
                    .invalidResponse, "the server's answer to WADO-RS is not multipart/related: check the base URL")
            }
            parser = MultipartParser(boundary: boundary)
        }
        bytes += chunk.count
        // The parser calls back into this object: not while it is accessed here.
        var parser = parser
        self.parser = nil
        try parser?.feed(chunk) { event throws(DICOMwebError) in try handle(event) }
        self.parser = parser
        progress(.init(finishedInstances: count, receivedBytes: bytes))
    }

    func finish(_ head: HTTPTransfer.Head) throws(DICOMwebError) {
        // 204: an empty study.
        guard let parser else {
            if head.status == 204 { return }
            throw DICOMwebError(.truncated, "the server's answer to WADO-RS is empty")
        }
        try parser.finish()
    }

    private func handle(_ event: MultipartParser.Event) throws(DICOMwebError) {
        switch event {
        case .began(let headers):
            let type = headers["content-type"]?.lowercased() ?? "application/dicom"
            guard type.hasPrefix("application/dicom"), !type.hasPrefix("application/dicom+") else {
                throw DICOMwebError(.invalidResponse, "a part of the server's answer to WADO-RS is no DICOM object")
            }
            guard count < limits.mostInstances else {
                throw DICOMwebError(.tooLarge, "the server sends more than \(limits.mostInstances) objects")
            }
            file = try IncomingFile(in: folder)
        case .content(let bytes):
            guard let file else { return }
            guard file.byteCount + bytes.count <= limits.largestInstanceInBytes else {
                throw DICOMwebError(
                    .tooLarge, "an object of the server's answer is larger than \(limits.largestInstanceInBytes) bytes")
            }
            try file.write(bytes)
        case .ended:
            guard let file else { return }
            try file.close()
            do {
                try receive(file.url)
            } catch {
                receiverError = error
                throw DICOMwebError(.cancelled, "the receiver gave up")
            }
            self.file = nil
            count += 1
        }
    }
}
