import Faults
import Files
package import Foundation
import Glibc
import HTTP

/// A file from a web server, in as many goes as it takes. What came lies beside the file as `….part` until all is there;
/// the next go asks for the rest, on the condition that the server's file is still the same (`Range`, `If-Range`,
/// RFC 9110, 13 and 14). Redirects are followed, from https to https only.
///
/// Synchronous; blocks its thread.
package struct ResumableDownload: Sendable {
    /// What is there, and what there will be, if the server says so.
    package struct Progress: Sendable, Equatable {
        package let byteCount: Int
        package let total: Int?

        package init(byteCount: Int, total: Int?) {
            self.byteCount = byteCount
            self.total = total
        }
    }

    package let url: URL
    package let target: URL
    /// The server's file may have so many bytes.
    package let largestByteCount: Int
    /// Of silence, before the server is given up.
    private let timeout: Duration

    /// - Parameter target: in a folder that exists.
    package init(_ url: URL, to target: URL, largestByteCount: Int, timeout: Duration = .seconds(60)) {
        self.url = url
        self.target = target
        self.largestByteCount = largestByteCount
        self.timeout = timeout
    }

    /// Where the bytes lie until all are there.
    package var part: URL { target.appendingPathExtension("part") }
    private var notes: URL { part.appendingPathExtension("json") }

    /// What the part is a part of.
    private struct Notes: Codable {
        let url: URL
        /// An entity tag or a date of change, as `If-Range` takes it; nil: the server gave none, so nothing can be added
        /// to the part.
        let validator: String?
    }

    /// Downloads what is missing. A connection that breaks is taken up again at once as long as each brings something.
    ///
    /// - Throws: `PublicModelError`: `unreachable`, `refused`, `incomplete` (the part is kept), `wrongFile` (it is
    ///   thrown away), `inputOutput`.
    package func run(progress: @escaping (Progress) -> Void = { _ in }) throws {
        let file = try opened()
        while true {
            let before = try byteCount(file)
            do {
                try fetch(into: file, progress: progress)
                break
            } catch let error as HTTPError {
                let now = try byteCount(file)
                guard now > before, [.truncated, .connectionLost, .silent].contains(error.code) else {
                    throw failure(error, byteCount: now)
                }
            }
        }
        guard rename(part.path, target.path) == 0 else { throw Self.refused("name the download", SystemFailure("")) }
        try? FileManager.default.removeItem(at: notes)
    }

    /// The part, for this process alone.
    private func opened() throws -> FileDescriptor {
        while true {
            let file: FileDescriptor
            do { file = try FileDescriptor(part.path, O_RDWR | O_CREAT | O_APPEND) } catch {
                throw Self.refused("write the download", error)
            }
            guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else {
                throw PublicModelError(.inputOutput, "another process downloads this file now: wait for it")
            }
            // Who held it may have finished between both, and given the file its name.
            var there = stat()
            if stat(part.path, &there) == 0, let own = try? file.facts(), own.st_ino == there.st_ino { return file }
        }
    }

    private func byteCount(_ file: borrowing FileDescriptor) throws -> Int {
        do { return Int(try file.facts().st_size) } catch { throw Self.refused("look at the download", error) }
    }

    private static func empty(_ file: Int32) throws {
        guard ftruncate(file, 0) == 0 else { throw refused("empty the download", SystemFailure("empty a file")) }
    }

    private func another(_ file: Int32) throws -> PublicModelError {
        try Self.empty(file)
        return PublicModelError(
            .incomplete, "the server's file is another than the part that was here, which is thrown away: try again")
    }

    /// The validator of a part that can be added to.
    private var validator: String? {
        guard let data = try? Data(contentsOf: notes), let known = try? JSONDecoder().decode(Notes.self, from: data),
            known.url == url
        else { return nil }
        return known.validator
    }

    /// One exchange.
    private func fetch(into file: borrowing FileDescriptor, progress: @escaping (Progress) -> Void) throws {
        var held = try byteCount(file)
        let validator = held > 0 ? validator : nil
        if held > 0, validator == nil {
            try Self.empty(file.number)
            held = 0
        }
        let fields = validator.map { ["Range: bytes=\(held)-", "If-Range: \($0)"] } ?? []
        var answer: Answer?
        let number = file.number
        let head = try HTTPTransfer.run(
            HTTPServer(
                isSecure: url.scheme?.lowercased() == "https", credentials: .none, caFile: nil,
                connectTimeout: .seconds(20), timeout: timeout),
            url: url.absoluteString, accept: "*/*", fields: fields, isCancelled: { false }
        ) { head, bytes in
            guard head.status == 200 || head.status == 206 else { return }
            if answer == nil {
                answer = try begin(head, held: held, validator, number)
                held = answer?.first ?? 0
            }
            held += bytes.count
            guard held <= largestByteCount else { throw tooLarge(held) }
            try Self.write(bytes, to: number)
            progress(Progress(byteCount: held, total: answer?.total))
        }
        try finish(head, answer: answer, held: held, file)
    }

    /// Where the bytes that come belong, and how many there will be.
    private struct Answer {
        let first: Int
        let total: Int?
    }

    /// Told by the head before the first byte is written: the rest of the part, or the whole file anew.
    private func begin(_ head: HTTPTransfer.Head, held: Int, _ condition: String?, _ file: Int32) throws -> Answer {
        // Weak tags are for files that are alike, not the same (RFC 9110, 13.1.5).
        let tag = head.headers["etag"].flatMap { $0.hasPrefix("W/") ? nil : $0 }
        var validator = tag ?? head.headers["last-modified"]
        let answer: Answer
        if head.status == 206 {
            guard let range = head.headers["content-range"]?.firstMatch(of: /^bytes (\d+)-\d+\/(\d+|\*)$/),
                Int(range.1) == held
            else {
                throw PublicModelError(
                    .refused, "the server sent another part of the file than bytes \(held) to the end; the part is kept"
                )
            }
            // There are servers between that know ranges and no conditions.
            guard validator == nil || validator == condition else { throw try another(file) }
            validator = condition
            answer = Answer(first: held, total: Int(range.2))
        } else {
            try Self.empty(file)
            answer = Answer(first: 0, total: head.headers["content-length"].flatMap(Int.init))
        }
        if let total = answer.total, total > largestByteCount { throw tooLarge(total) }
        let known = Notes(url: url, validator: validator)
        do { try JSONEncoder().encode(known).write(to: notes, options: .atomic) } catch {
            throw PublicModelError(.inputOutput, "notes on the download cannot be written beside it")
        }
        return answer
    }

    private func finish(
        _ head: HTTPTransfer.Head, answer: Answer?, held: Int, _ file: borrowing FileDescriptor
    ) throws {
        if head.status == 416, held > 0 {
            // All of it was there before; or it is the part of another file.
            if head.headers["content-range"] == "bytes */\(held)" { return }
            throw try another(file.number)
        }
        guard head.status == 200 || head.status == 206 else {
            throw PublicModelError(
                .refused,
                "the server answered with status \(head.status), not with the file: its address may have changed, then name it with --url, or bring the file with --file"
            )
        }
        guard answer != nil else {
            throw PublicModelError(.refused, "the server answered with an empty file")
        }
        if let total = answer?.total, held != total {
            throw PublicModelError(.incomplete, Self.kept(held, of: total))
        }
    }

    private func tooLarge(_ byteCount: Int) -> PublicModelError {
        try? FileManager.default.removeItem(at: part)
        try? FileManager.default.removeItem(at: notes)
        return PublicModelError(
            .wrongFile,
            "the server's file has \(byteCount) bytes or more, at most \(largestByteCount) are expected of this model: it is another file"
        )
    }

    private static func kept(_ byteCount: Int, of total: Int?) -> String {
        let all = total.map { " of \($0)" } ?? ""
        return
            "the download ended early, after \(byteCount)\(all) bytes, which are kept: the same command goes on from there"
    }

    private func failure(_ error: HTTPError, byteCount: Int) -> PublicModelError {
        let host = url.host() ?? ""
        return switch error.code {
        case .truncated, .connectionLost, .silent:
            byteCount > 0
                ? PublicModelError(.incomplete, Self.kept(byteCount, of: nil))
                : PublicModelError(.unreachable, "\(host) sent nothing (\(error))")
        case .foreignRedirect, .circularRedirects:
            PublicModelError(.refused, "\(host) redirects in circles, or from https to something else (\(error))")
        case .untrusted, .noTLS:
            PublicModelError(
                .unreachable, "no secure connection to \(host), or its certificate is not trusted (\(error))")
        default:
            PublicModelError(
                .unreachable,
                "\(host) cannot be reached (\(error)): a proxy is taken from https_proxy, a mirror from --url, a file brought otherwise from --file"
            )
        }
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32) throws {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(file, rest.baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw refused("write the download", SystemFailure("write a file")) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    private static func refused(_ what: String, _ failure: SystemFailure) -> PublicModelError {
        PublicModelError(.inputOutput, "cannot \(what): \(failure.reason)")
    }
}
