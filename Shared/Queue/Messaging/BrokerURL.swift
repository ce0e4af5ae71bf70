import FoundationEssentials

/// Where the broker is and who asks: `amqp://user:password@host:port/vhost`, or `amqps://` for TLS.
///
/// `?heartbeat=SECONDS` (1 to 600, default 20): after this much silence each side takes the other for dead.
///
/// User, password and virtual host are percent-encoded. No path and the path `/` both mean the virtual host `/`.
/// Neither `description` nor any error shows the password.
package struct BrokerURL: Sendable, Hashable, CustomStringConvertible {
    package var usesTLS: Bool
    package var user: String
    package var password: String
    package var host: String
    package var port: Int
    package var virtualHost: String
    package var heartbeatInSeconds: Int
    /// A PEM file of the authorities that may sign the broker's certificate (COLUMNA_BROKER_CA). Nil: Debian's own
    /// list.
    package var authorities: String?

    /// - Throws: ``MessagingError`` `invalid-url`, naming the part that is wrong.
    package init(_ text: String, authorities: String? = nil) throws(MessagingError) {
        guard let components = URLComponents(string: text), let scheme = components.scheme?.lowercased() else {
            throw Self.invalid("it is not a URL")
        }
        guard scheme == "amqp" || scheme == "amqps" else {
            throw Self.invalid("its scheme is \(scheme), expected amqp or amqps")
        }
        guard let host = components.host, !host.isEmpty else { throw Self.invalid("it names no host") }
        guard components.fragment == nil else { throw Self.invalid("it has a fragment, expected none") }
        heartbeatInSeconds = try Self.heartbeat(components.queryItems ?? [])
        if let port = components.port, !(1...65535).contains(port) {
            throw Self.invalid("its port is \(port), expected 1 to 65535")
        }
        let path = components.percentEncodedPath.dropFirst()
        guard !path.contains("/") else { throw Self.invalid("its virtual host has a '/', expected %2F") }
        let virtualHost = String(components.path.dropFirst())
        usesTLS = scheme == "amqps"
        user = components.user ?? "guest"
        password = components.password ?? "guest"
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = components.port ?? (usesTLS ? 5671 : 5672)
        self.virtualHost = virtualHost.isEmpty ? "/" : virtualHost
        self.authorities = authorities
        let texts = [user, password, self.host, self.virtualHost]
        guard texts.allSatisfy({ !$0.utf8.contains(0) }) else { throw Self.invalid("it contains a zero byte") }
    }

    /// The URL in COLUMNA_BROKER_URL, with COLUMNA_BROKER_CA.
    package init(environment: [String: String]) throws(MessagingError) {
        guard let text = environment["COLUMNA_BROKER_URL"], !text.isEmpty else {
            throw Self.invalid("it is not set")
        }
        try self.init(text, authorities: environment["COLUMNA_BROKER_CA"].flatMap { $0.isEmpty ? nil : $0 })
    }

    private static func heartbeat(_ items: [URLQueryItem]) throws(MessagingError) -> Int {
        guard let item = items.first else { return 20 }
        guard items.count == 1, item.name == "heartbeat", let seconds = item.value.flatMap({ Int($0) }),
            (1...600).contains(seconds)
        else {
            throw invalid("its query is not understood, expected nothing or heartbeat=1 to 600 (seconds)")
        }
        return seconds
    }

    /// The URL without the password.
    package var description: String {
        "\(usesTLS ? "amqps" : "amqp")://\(user)@\(host):\(port)/\(virtualHost == "/" ? "" : virtualHost)"
    }

    private static func invalid(_ reason: String) -> MessagingError {
        MessagingError(
            .invalidURL,
            "COLUMNA_BROKER_URL is not usable: \(reason); expected amqp://user:password@host:port/vhost or amqps://…")
    }
}

extension BrokerURL: CustomDebugStringConvertible, CustomReflectable {
    package var debugDescription: String { description }
    /// Hides the password from `dump` and from string interpolation of a value that holds a URL.
    package var customMirror: Mirror { Mirror(self, children: ["url": description]) }
}
