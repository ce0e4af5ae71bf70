import DICOMDictionary
import Faults
package import Foundation
import HTTP

extension DICOMwebClient {
    /// What became of a file that was to be sent.
    package struct StoreOutcome: Sendable {
        package enum Result: Sendable {
            /// The server has it; the warning reason (PS3.18 table I.2-2) is 0 without one.
            case stored(warning: Int)
            /// The server refuses it for a reason of PS3.18 table I.2-2.
            case refused(reason: Int)
            case failed(DICOMwebError)
        }

        package var file: URL
        package var result: Result

        package var isStored: Bool { if case .stored = result { true } else { false } }
        package var isTransient: Bool {
            switch result {
            case .stored: false
            // A7xx: out of resources.
            case .refused(let reason): reason & 0xFF00 == 0xA700
            case .failed(let error): error.isTransient
            }
        }
    }

    /// Files of one request: at most so many, and no more bytes than these unless one alone has more.
    private static let mostFilesPerRequest = 100
    private static let bytesPerRequest = 256 << 20

    /// Sends DICOM files as they are by STOW-RS, some in each request. Blocks.
    ///
    /// - Parameter progress: finished files and all, after each request.
    /// - Returns: one outcome per file, in order. When a request breaks, its files' outcomes say so, and those of all
    ///   that follow: the server may or may not have some of that request's; `contains` tells.
    /// - Throws: `DICOMwebError.cancelled` never: files not sent have it as their outcome.
    package func store(
        _ files: [URL], isCancelled: @escaping () -> Bool = { false },
        progress: (_ finished: Int, _ total: Int) -> Void = { _, _ in }
    ) -> [StoreOutcome] {
        var results: [StoreOutcome.Result?] = files.map { _ in nil }
        var items: [(index: Int, header: FileHeader)] = []
        for (index, file) in files.enumerated() {
            do throws(DICOMwebError) {
                items.append((index, try FileHeader(ofFileAt: file)))
            } catch {
                results[index] = .failed(error)
            }
        }
        var broken: DICOMwebError?
        for batch in Self.batches(items) {
            if broken == nil, isCancelled() { broken = DICOMwebError(.cancelled, "cancelled") }
            if let broken {
                for item in batch { results[item.index] = .failed(broken) }
                continue
            }
            do throws(DICOMwebError) {
                let outcomes = try send(batch.map { (files[$0.index], $0.header) }, isCancelled: isCancelled)
                for (item, outcome) in zip(batch, outcomes) { results[item.index] = outcome }
            } catch {
                for item in batch { results[item.index] = .failed(error) }
                broken = error
            }
            progress(results.count { $0 != nil }, files.count)
        }
        return zip(files, results).map {
            StoreOutcome(file: $0, result: $1 ?? .failed(DICOMwebError(.cancelled, "cancelled")))
        }
    }

    private static func batches(_ items: [(index: Int, header: FileHeader)]) -> [[(index: Int, header: FileHeader)]] {
        var batches: [[(index: Int, header: FileHeader)]] = []
        var bytes = 0
        for item in items {
            let isFull =
                (batches.last?.count ?? mostFilesPerRequest) >= mostFilesPerRequest
                || bytes + item.header.byteCount > bytesPerRequest
            if isFull {
                batches.append([])
                bytes = 0
            }
            batches[batches.count - 1].append(item)
            bytes += item.header.byteCount
        }
        return batches
    }

    private func send(_ files: [(url: URL, header: FileHeader)], isCancelled: @escaping () -> Bool)
        throws(DICOMwebError) -> [StoreOutcome.Result]
    {
        let source = MultipartSource(files.map { ($0.url, $0.header.byteCount) })
        let body = HTTPTransfer.Body(contentType: source.contentType, byteCount: source.byteCount) {
            buffer throws(DICOMwebError) in
            try source.read(into: buffer)
        }
        let (head, data) = try collect(
            url: serviceURL + "/studies", accept: "application/dicom+json", body: body, limit: 16 << 20,
            isCancelled: isCancelled)
        // 202: some were not stored or have warnings; 409: none was stored. Both say of each why (PS3.18 10.5.3).
        guard head.isSuccess || head.status == 409 else {
            throw DICOMwebError(httpStatus: head.status, retryAfter: head.retryAfter, action: "STOW-RS")
        }
        guard let answer = Self.storeAnswer(data) else {
            throw DICOMwebError(
                .invalidResponse,
                "the server's answer to STOW-RS is no DICOM JSON: whether it stored the objects is unknown")
        }
        let stored = Self.reasons(answer.items(.storedInstances), .warningReason)
        let refused = Self.reasons(answer.items(.failedInstances), .failureReason)
        return files.map { file in
            let identifier = file.header.sopInstanceUID
            if let reason = refused[identifier] { return .refused(reason: reason) }
            if let warning = stored[identifier] { return .stored(warning: warning) }
            return .failed(
                DICOMwebError(
                    .invalidResponse, "the server's answer to STOW-RS does not mention an object that was sent"))
        }
    }

    /// A dataset, or in some servers a list of one.
    private static func storeAnswer(_ data: Data) -> DICOMJSON? {
        (try? JSONDecoder().decode(DICOMJSON.self, from: data))
            ?? (try? JSONDecoder().decode([DICOMJSON].self, from: data))?.first
    }

    /// Reasons by SOP Instance UID; 0 where none is given.
    private static func reasons(_ items: [DICOMJSON], _ tag: AttributeTag) -> [String: Int] {
        items.reduce(into: [:]) { reasons, item in
            guard let identifier = item.text(.referencedSOPInstance) else { return }
            reasons[identifier] = item.number(tag) ?? 0
        }
    }
}
