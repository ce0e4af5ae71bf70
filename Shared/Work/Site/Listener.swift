import Faults
package import JobEngine

/// Where this system listens as a DICOM storage provider, and for whom.
package struct Listener: Sendable, Equatable {
    package var title: String
    package var address: String
    package var port: Int
    package var maximumAssociations: Int
    package var callers: [Caller]

    /// Who may send, and whose studies they are.
    package struct Caller: Sendable, Equatable {
        package var title: String
        package var tenant: Tenant
        /// The peer's IP address; nil: any.
        package var address: String?
    }

    init(_ reader: inout SiteReader) throws {
        title = try reader.title("ae-title", default: "COLUMNA")
        // Loopback unless the file says otherwise: nothing opens to a network by accident.
        address = try reader.optionalText("address") ?? "127.0.0.1"
        port = try reader.integer("port", in: 0...65535, default: 11112)
        maximumAssociations = try reader.integer("associations", in: 1...256, default: 16)
        callers = try reader.list("callers") { caller in
            Caller(
                title: try caller.title("ae-title"),
                tenant: Tenant(try caller.text("tenant", expected: "a tenant's name")),
                address: try caller.optionalText("address"))
        }
        try reader.refuseUnknown()
        guard !callers.isEmpty else {
            throw SiteError("listener.callers", is: "empty", expected: "at least one caller with ae-title and tenant")
        }
        let titles = callers.map(\.title)
        if let twice = titles.first(where: { title in titles.count { $0 == title } > 1 }) {
            throw SiteError(
                "listener.callers", is: "naming \(twice) twice",
                expected: "each AE title once: it decides whose study it is")
        }
    }

    /// Whose studies a caller sends; nil: it may not send.
    package func tenant(calling title: String, from address: String) -> Tenant? {
        callers.first { $0.title == title && ($0.address == nil || $0.address == address) }?.tenant
    }
}
