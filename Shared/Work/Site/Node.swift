import Faults

/// An archive to fetch studies from and to send results to.
package enum Node: Sendable, Equatable {
    case dimse(DIMSE)
    case web(Web)

    package struct DIMSE: Sendable, Equatable {
        package var title: String
        package var host: String
        package var port: Int
        package var retrieval: Retrieval

        package init(title: String, host: String, port: Int, retrieval: Retrieval = .get) {
            self.title = title
            self.host = host
            self.port = port
            self.retrieval = retrieval
        }
    }

    /// How a study is fetched over DIMSE.
    package enum Retrieval: String, Sendable, CaseIterable {
        /// C-GET: over the same association.
        case get
        /// C-MOVE: the archive sends to our listener; it must know our AE title and address.
        case move
    }

    package struct Web: Sendable, Equatable {
        /// Base of QIDO-RS, WADO-RS and STOW-RS.
        package var url: String
        package var user: String?
        /// Files, so that the site file holds no secret.
        package var passwordFile: String?
        package var tokenFile: String?
        /// PEM of the authorities that vouch for the server; nil: the system's.
        package var authorities: String?

        package init(
            url: String, user: String? = nil, passwordFile: String? = nil, tokenFile: String? = nil,
            authorities: String? = nil
        ) {
            self.url = url
            self.user = user
            self.passwordFile = passwordFile
            self.tokenFile = tokenFile
            self.authorities = authorities
        }
    }

    var usesMove: Bool {
        if case .dimse(let node) = self { node.retrieval == .move } else { false }
    }

    init(_ reader: inout SiteReader) throws {
        let dimse = try reader.optionalObject("dimse")
        let web = try reader.optionalObject("dicomweb")
        switch (dimse, web) {
        case (var peer?, nil):
            self = .dimse(
                DIMSE(
                    title: try peer.title("ae-title"), host: try peer.text("host", expected: "a host name or address"),
                    port: try peer.integer("port", in: 1...65535, default: 104),
                    retrieval: try peer.choice("retrieve", default: Retrieval.get)))
            try peer.refuseUnknown()
        case (nil, var peer?):
            let url = try peer.text("url", expected: "the base URL of a DICOMweb service, http or https")
            guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
                throw SiteError("\(peer.path).url", is: "of another scheme", expected: "http:// or https://")
            }
            guard !url.contains("@") else {
                throw SiteError(
                    "\(peer.path).url", is: "holding an account",
                    expected: "user and password-file as keys of their own")
            }
            self = .web(
                Web(
                    url: url, user: try peer.optionalText("user"), passwordFile: try peer.optionalText("password-file"),
                    tokenFile: try peer.optionalText("token-file"), authorities: try peer.optionalText("ca-file")))
            try peer.refuseUnknown()
        default:
            throw SiteError(reader.path, is: "of no kind", expected: "either dimse or dicomweb")
        }
        try reader.refuseUnknown()
    }
}
