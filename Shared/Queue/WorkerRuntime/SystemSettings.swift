package import FoundationEssentials
package import Messaging

/// Where a system's database, broker and storage are, as the environment of each of its programs says. Each is read
/// when it is asked for, since not every program needs all.
///
/// | Variable | Type | Default |
/// |---|---|---|
/// | `COLUMNA_DATABASE_URL` | PostgreSQL URL | |
/// | `COLUMNA_DATABASE_PASSWORD_FILE` | file that holds the password | the URL's |
/// | `COLUMNA_BROKER_URL` | `amqp://` or `amqps://` URL | |
/// | `COLUMNA_BROKER_PASSWORD_FILE` | file that holds the password | the URL's |
/// | `COLUMNA_BROKER_CA` | PEM file of the authorities that vouch for an `amqps://` broker | the system's |
/// | `COLUMNA_STORAGE` | folder | |
/// | `COLUMNA_INPUT_ROOTS` | folders separated by `:` from which studies may be read | none |
/// | `COLUMNA_SITE` | YAML file: listener, archives, tenants' policies | none |
package struct SystemSettings: Sendable {
    package let environment: [String: String]

    package init(environment: [String: String]) { self.environment = environment }

    private var reader: EnvironmentReader { EnvironmentReader(environment) }

    /// With the password of its file.
    package var databaseURL: String {
        get throws {
            try reader.url(
                "COLUMNA_DATABASE_URL", schemes: ["postgresql", "postgres"],
                passwordFile: "COLUMNA_DATABASE_PASSWORD_FILE")
        }
    }

    package var broker: BrokerURL {
        get throws {
            let url = try reader.url(
                "COLUMNA_BROKER_URL", schemes: ["amqp", "amqps"], passwordFile: "COLUMNA_BROKER_PASSWORD_FILE")
            return try BrokerURL(url, authorities: reader.optionalText("COLUMNA_BROKER_CA"))
        }
    }

    package var storage: URL {
        get throws {
            URL(filePath: try reader.text("COLUMNA_STORAGE", expected: "the folder that all workers share"))
        }
    }

    /// Nil where none are named.
    package var inputRoots: [URL]? {
        reader.optionalText("COLUMNA_INPUT_ROOTS").map { $0.split(separator: ":").map { URL(filePath: String($0)) } }
    }

    package var siteFile: URL? { reader.optionalText("COLUMNA_SITE").map { URL(filePath: $0) } }

    /// - Throws: what a program that needs database, broker and storage cannot do without.
    package func requireAll() throws { _ = (try databaseURL, try broker, try storage) }
}
