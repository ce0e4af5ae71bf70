/// Why an exchange came to no whole response. Equal by code; names no host and no URL.
package struct HTTPError: Error, Equatable, CustomStringConvertible {
    package enum Code: Sendable {
        case unknownHost, noConnection, silent
        /// The answer ended too early.
        case truncated
        case connectionLost
        /// The certificate is not trusted.
        case untrusted
        /// There is no common TLS.
        case noTLS
        case circularRedirects
        /// To another scheme than http and https, or from https to http.
        case foreignRedirect
        case outOfMemory
        /// What answers speaks something else.
        case notHTTP
        case largeHead
        case cancelled
        case unusableLibrary
        /// Of libcurl's; its number is in the text.
        case other
    }

    package let code: Code
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    package static func == (left: HTTPError, right: HTTPError) -> Bool { left.code == right.code }
}
