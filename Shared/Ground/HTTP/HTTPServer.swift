package import Foundation

/// Whom to talk to, and how long to wait. Certificates are verified, credentials go to no other host.
package struct HTTPServer: Sendable {
    package enum Credentials: Sendable, Hashable {
        case none
        case basic(user: String, password: String)
        case bearer(token: String)
    }

    /// Whether redirects may not leave https.
    package let isSecure: Bool
    package let credentials: Credentials
    /// Certificates (PEM) to trust instead of the system's.
    package let caFile: URL?
    package let connectTimeout: Duration
    /// Of silence, before the server is given up.
    package let timeout: Duration

    package init(
        isSecure: Bool, credentials: Credentials, caFile: URL?, connectTimeout: Duration, timeout: Duration
    ) {
        self.isSecure = isSecure
        self.credentials = credentials
        self.caFile = caFile
        self.connectTimeout = connectTimeout
        self.timeout = timeout
    }
}
