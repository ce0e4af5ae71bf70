import CCurl
import Foundation
import Synchronization

/// One HTTP exchange over libcurl; the only file that imports the C module. Blocks its caller's thread and owns one
/// handle.
package final class HTTPTransfer {
    /// The head of a response: the last one, after redirects.
    package struct Head: Sendable {
        package var status: Int
        /// Names in lower case.
        package var headers: [String: String]

        package var isSuccess: Bool { (200..<300).contains(status) }
        package var contentType: String { headers["content-type"] ?? "" }
        /// How long the server asks to be left alone, a day at most.
        package var retryAfter: Duration? {
            headers["retry-after"].flatMap(Int.init).map { .seconds(min(max($0, 0), 86_400)) }
        }
    }

    /// What a request sends.
    package struct Body {
        package var contentType: String
        package var byteCount: Int
        /// Fills at most the buffer; answers how many bytes, 0 at the end.
        package var read: (UnsafeMutableRawBufferPointer) throws -> Int

        package init(
            contentType: String, byteCount: Int, read: @escaping (UnsafeMutableRawBufferPointer) throws -> Int
        ) {
            self.contentType = contentType
            self.byteCount = byteCount
            self.read = read
        }
    }

    private static let largestHead = 64 << 10
    private static let isReady: Bool = curl_global_init(ccurl_global_all) == CURLE_OK

    private let handle: UnsafeMutableRawPointer
    private var headers: [String: String] = [:]
    private var headSize = 0
    /// What a callback threw, which C cannot pass on.
    private var failure: (any Error)?
    private var body: Body?
    private var receive: (Head, UnsafeRawBufferPointer) throws -> Void = { _, _ in }
    private var isCancelled: () -> Bool = { false }

    private init() throws {
        guard Self.isReady, let handle = curl_easy_init() else {
            throw HTTPError(.unusableLibrary, "the HTTP library cannot be set up")
        }
        self.handle = handle
    }

    deinit { curl_easy_cleanup(handle) }

    /// - Parameters:
    ///   - fields: header fields beside `Accept`, such as `Range: bytes=100-`.
    ///   - body: with one, the request is a POST and follows no redirect.
    ///   - isCancelled: looked at about once a second at least.
    ///   - receive: called for every piece of the body, whatever the status is.
    /// - Throws: `HTTPError` when no whole response came, and what `receive` and `body` throw; a status is no error
    ///   here.
    package static func run(
        _ server: HTTPServer, url: String, accept: String, fields: [String] = [], body: Body? = nil,
        isCancelled: @escaping () -> Bool,
        receive: @escaping (Head, UnsafeRawBufferPointer) throws -> Void
    ) throws -> Head {
        let transfer = try HTTPTransfer()
        transfer.body = body
        transfer.receive = receive
        transfer.isCancelled = isCancelled
        return try transfer.perform(server, url: url, accept: accept, fields: fields)
    }

    private func perform(_ server: HTTPServer, url: String, accept: String, fields: [String]) throws -> Head {
        if isCancelled() { throw HTTPError(.cancelled, "cancelled") }
        configure(server, url: url)
        // Without "Expect:", large bodies wait for servers that never say "100 Continue".
        var list = curl_slist_append(nil, "Accept: \(accept)")
        list = curl_slist_append(list, "Expect:")
        for field in fields { list = curl_slist_append(list, field) }
        if let body { list = curl_slist_append(list, "Content-Type: \(body.contentType)") }
        defer { curl_slist_free_all(list) }
        _ = ccurl_set_list(handle, CURLOPT_HTTPHEADER, list)
        let code = curl_easy_perform(handle)
        if let failure { throw failure }
        guard code == CURLE_OK else { throw HTTPError(code) }
        return head
    }

    private var head: Head {
        var status = 0
        _ = ccurl_status(handle, &status)
        return Head(status: status, headers: headers)
    }

    private func configure(_ server: HTTPServer, url: String) {
        func set(_ option: CURLoption, _ value: Int) { _ = ccurl_set_long(handle, option, value) }
        func set(_ option: CURLoption, _ value: String) { _ = ccurl_set_text(handle, option, value) }
        let schemes = server.isSecure ? "https" : "http,https"
        set(CURLOPT_URL, url)
        set(CURLOPT_PROTOCOLS_STR, schemes)
        set(CURLOPT_REDIR_PROTOCOLS_STR, schemes)
        set(CURLOPT_FOLLOWLOCATION, body == nil ? 1 : 0)
        set(CURLOPT_MAXREDIRS, 5)
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_USERAGENT, "columna")
        set(CURLOPT_CONNECTTIMEOUT_MS, server.connectTimeout.wholeMilliseconds)
        set(CURLOPT_LOW_SPEED_LIMIT, 1)
        set(CURLOPT_LOW_SPEED_TIME, max(1, server.timeout.wholeMilliseconds / 1000))
        set(CURLOPT_NOPROXY, "localhost,127.0.0.1,::1")
        if let caFile = server.caFile { set(CURLOPT_CAINFO, caFile.path) }
        switch server.credentials {
        case .none: break
        case .basic(let user, let password):
            set(CURLOPT_HTTPAUTH, ccurl_basic)
            set(CURLOPT_USERNAME, user)
            set(CURLOPT_PASSWORD, password)
        case .bearer(let token):
            set(CURLOPT_HTTPAUTH, ccurl_bearer)
            set(CURLOPT_XOAUTH2_BEARER, token)
        }
        let context = Unmanaged.passUnretained(self).toOpaque()
        set(CURLOPT_NOPROGRESS, 0)
        for option in [CURLOPT_XFERINFODATA, CURLOPT_HEADERDATA, CURLOPT_WRITEDATA, CURLOPT_READDATA] {
            _ = ccurl_set_pointer(handle, option, context)
        }
        _ = ccurl_set_progress(handle, showProgress)
        _ = ccurl_set_transfer(handle, CURLOPT_HEADERFUNCTION, takeHeader)
        _ = ccurl_set_transfer(handle, CURLOPT_WRITEFUNCTION, takeBody)
        set(CURLOPT_BUFFERSIZE, 256 << 10)
        guard let body else { return }
        set(CURLOPT_POST, 1)
        set(CURLOPT_UPLOAD_BUFFERSIZE, 256 << 10)
        _ = ccurl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.byteCount))
        _ = ccurl_set_transfer(handle, CURLOPT_READFUNCTION, giveBody)
    }

    // MARK: - Callbacks

    fileprivate static func of(_ context: UnsafeMutableRawPointer?) -> HTTPTransfer {
        guard let context else { preconditionFailure("an HTTP transfer lost itself") }
        return Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
    }

    /// One header line. A status line begins the head of another response: after a redirect, or 100 Continue.
    fileprivate func header(_ line: UnsafeRawBufferPointer) -> Bool {
        headSize += line.count
        guard headSize <= Self.largestHead else {
            failure = HTTPError(
                .largeHead, "the head of the server's answer is larger than \(Self.largestHead) bytes")
            return false
        }
        let text = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        if text.hasPrefix("HTTP/") { headers = [:] }
        if let colon = text.firstIndex(of: ":") {
            headers[text[..<colon].lowercased()] = text[text.index(after: colon)...].trimmingCharacters(
                in: .whitespaces)
        }
        return true
    }

    fileprivate func content(_ bytes: UnsafeRawBufferPointer) -> Bool {
        do {
            try receive(head, bytes)
            return true
        } catch {
            failure = error
            return false
        }
    }

    fileprivate func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        do {
            return try body?.read(buffer) ?? 0
        } catch {
            failure = error
            return ccurl_abort_read
        }
    }

    fileprivate var shallStop: Bool {
        guard isCancelled() else { return false }
        failure = HTTPError(.cancelled, "cancelled")
        return true
    }
}

private func takeHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    HTTPTransfer.of(context).header(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}

private func takeBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    // Fewer bytes than were given tells libcurl to end the transfer; an empty piece needs no answer.
    let length = size * count
    return HTTPTransfer.of(context).content(UnsafeRawBufferPointer(start: bytes, count: length))
        ? length : (length == 0 ? 1 : 0)
}

private func giveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    HTTPTransfer.of(context).fill(UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
}

private func showProgress(
    _ context: UnsafeMutableRawPointer?, _: curl_off_t, _: curl_off_t, _: curl_off_t, _: curl_off_t
) -> Int32 {
    HTTPTransfer.of(context).shallStop ? 1 : 0
}

extension Duration {
    fileprivate var wholeMilliseconds: Int { Int(min(max((self / .milliseconds(1)).rounded(.up), 1), 86_400_000)) }
}

extension HTTPError {
    fileprivate init(_ code: CURLcode) {
        // libcurl's own sentences name hosts and URLs.
        let own: Code =
            switch code {
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unknownHost
            case CURLE_COULDNT_CONNECT: .noConnection
            case CURLE_OPERATION_TIMEDOUT: .silent
            case CURLE_PARTIAL_FILE: .truncated
            case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM: .connectionLost
            case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR: .untrusted
            case CURLE_SSL_CONNECT_ERROR: .noTLS
            case CURLE_TOO_MANY_REDIRECTS: .circularRedirects
            case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT: .foreignRedirect
            case CURLE_OUT_OF_MEMORY: .outOfMemory
            case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: .notHTTP
            default: .other
            }
        self.init(own, "libcurl code \(code.rawValue)")
    }
}
