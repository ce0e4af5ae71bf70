package import Faults

/// What went wrong with a DICOMweb server. `description` holds no credentials, no identifiers and nothing of what the
/// server said.
package struct DICOMwebError: Fault {
    package enum Code: String, Sendable, CaseIterable {
        case invalidConfiguration = "invalid-configuration"
        /// Unknown host, connection refused, no route.
        case unreachable
        case timedOut = "timed-out"
        case connectionLost = "connection-lost"
        /// The server's certificate is not trusted, or there is no common TLS.
        case untrusted
        /// 401, 403.
        case unauthorized
        /// 404, 410.
        case notFound = "not-found"
        /// Any other 4xx, and redirects that lead nowhere.
        case refused
        /// 429, 502, 503, 504: it takes nothing just now, whatever it is.
        case unavailable
        /// Any other 5xx, and 408.
        case serverFailure = "server-failure"
        /// Not what the standard says should come.
        case invalidResponse = "invalid-response"
        /// The answer ended too early.
        case truncated
        case tooLarge = "too-large"
        case cancelled
        case fileNotReadable = "file-not-readable"
        case fileNotWritable = "file-not-writable"
        case notDICOM = "not-dicom"
        case internalFailure = "internal-failure"
    }

    package let code: Code
    package let description: String
    package let httpStatus: Int?
    /// How long the server asks to be left alone (Retry-After in seconds).
    package let retryAfter: Duration?

    package init(_ code: Code, _ description: String, httpStatus: Int? = nil, retryAfter: Duration? = nil) {
        self.code = code
        self.description = description
        self.httpStatus = httpStatus
        self.retryAfter = retryAfter
    }

    package static let origin: String? = "archive"

    /// Certificates are renewed and users entered by people, on both sides.
    package var blame: Blame {
        switch code {
        case .unreachable, .timedOut, .connectionLost, .unavailable, .serverFailure, .truncated: .passing
        case .invalidConfiguration: .setting
        case .untrusted, .unauthorized, .fileNotWritable: .machine
        case .fileNotReadable: .file
        case .notFound, .refused, .invalidResponse, .tooLarge, .notDICOM: .input
        case .internalFailure: .defect
        case .cancelled: .cancelled
        }
    }
}

extension DICOMwebError {
    /// A response that is no success.
    init(httpStatus: Int, retryAfter: Duration?, action: String) {
        let (code, advice): (Code, String) =
            switch httpStatus {
            case 401, 403: (.unauthorized, "check the credentials")
            case 404, 410: (.notFound, "the server does not have it, or the base URL is wrong")
            case 429, 502...504: (.unavailable, "it is overloaded or away")
            case 408, 500...599: (.serverFailure, "see the server's log")
            case 300..<400: (.refused, "the server sends elsewhere: correct the base URL")
            case 406: (.refused, "the server cannot answer in DICOM's own format")
            default: (.refused, "see the server's log")
            }
        self.init(
            code, "the DICOMweb server answered \(action) with HTTP status \(httpStatus): \(advice)",
            httpStatus: httpStatus, retryAfter: retryAfter)
    }
}
