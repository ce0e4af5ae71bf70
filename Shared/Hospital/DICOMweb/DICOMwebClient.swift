import DICOMDictionary
package import Foundation
package import HTTP

/// A DICOMweb server (PS3.18): QIDO-RS, WADO-RS and STOW-RS.
///
/// Every method blocks the calling thread for as long as the server takes; call them on a thread of your own. http and
/// https only, certificates are verified, credentials go to no other host.
package struct DICOMwebClient: Sendable {
    package typealias Credentials = HTTPServer.Credentials

    /// Of the service: what comes before `/studies`.
    package let baseURL: URL
    package let credentials: Credentials
    /// Certificates (PEM) to trust instead of the system's.
    package let caFile: URL?
    package let connectTimeout: Duration
    /// Of silence, before the server is given up.
    package let timeout: Duration

    /// - Throws: `DICOMwebError.invalidConfiguration`.
    package init(
        baseURL: URL, credentials: Credentials = .none, caFile: URL? = nil, connectTimeout: Duration = .seconds(10),
        timeout: Duration = .seconds(60)
    ) throws(DICOMwebError) {
        func refuse(_ message: String) -> DICOMwebError { DICOMwebError(.invalidConfiguration, message) }
        guard let scheme = baseURL.scheme?.lowercased(), ["http", "https"].contains(scheme), baseURL.host() != nil
        else {
            throw refuse("a DICOMweb URL begins with http:// or https:// and names a host")
        }
        guard baseURL.user() == nil, baseURL.password() == nil else {
            throw refuse("a DICOMweb URL must not hold a user or a password: give them as credentials")
        }
        guard baseURL.query() == nil, baseURL.fragment() == nil else {
            throw refuse("a DICOMweb URL has no query and no fragment")
        }
        if let caFile, !FileManager.default.isReadableFile(atPath: caFile.path) {
            throw refuse("the file of trusted certificates cannot be read: check path and permissions")
        }
        // A line break would end the header that holds them.
        func isPlain(_ text: String) -> Bool { text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } }
        switch credentials {
        case .none: break
        case .basic(let user, let password):
            guard !user.isEmpty, !user.contains(":"), isPlain(user + password) else {
                throw refuse(
                    "a user's name is not empty, without colon, and like the password without control characters")
            }
        case .bearer(let token):
            guard !token.isEmpty, isPlain(token) else {
                throw refuse("a bearer token is not empty and without control characters")
            }
        }
        self.baseURL = baseURL
        self.credentials = credentials
        self.caFile = caFile
        self.connectTimeout = connectTimeout
        self.timeout = timeout
    }

    /// The URL of a resource below the service. Identifiers are checked, so that none can lead elsewhere.
    func url(study: String, series: String? = nil, instance: String? = nil, then rest: String = "", query: String = "")
        throws(DICOMwebError) -> String
    {
        var path = ""
        for (name, identifier) in [("studies", study), ("series", series), ("instances", instance)] {
            guard let identifier else { continue }
            guard UniqueIdentifier.isValid(identifier) else {
                throw DICOMwebError(
                    .invalidConfiguration,
                    "a unique identifier has 1 to 64 digits and dots, got \(identifier.utf8.count) characters")
            }
            path += "/\(name)/\(identifier)"
        }
        return serviceURL + path + rest + (query.isEmpty ? "" : "?" + query)
    }

    var serviceURL: String {
        let text = baseURL.absoluteString
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}

extension DICOMwebClient: CustomStringConvertible {
    package var description: String { "DICOMweb at \(baseURL.host() ?? "")" }
}
