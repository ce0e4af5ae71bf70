import Foundation

/// How to reach the database, and how long to wait for it.
package struct PostgresSettings: Sendable {
    /// `postgresql://user@host:port/database?sslmode=verify-full&sslrootcert=…`; every keyword of libpq's URLs is
    /// understood.
    package var url: String
    /// File whose first line is the password; nil: from the URL, `PGPASSFILE` or `~/.pgpass`, as libpq does.
    package var passwordFile: String?
    package var applicationName: String
    package var connectTimeoutInSeconds: Int = 5
    package var statementTimeoutInSeconds: Double = 30
    package var lockTimeoutInSeconds: Double = 10
    /// The relay holds a transaction open while it publishes, so this is above the broker's confirmation timeout.
    package var idleInTransactionTimeoutInSeconds: Double = 60

    /// Asked before the first statement; nil: whatever is there will do, as for the migrator.
    package var schema: SchemaCheck?

    package init(url: String, passwordFile: String? = Self.namedPasswordFile, applicationName: String = "columna") {
        self.url = url
        self.passwordFile = passwordFile
        self.applicationName = applicationName
    }

    /// Reads `COLUMNA_DATABASE_URL` (required) and `COLUMNA_DATABASE_PASSWORD_FILE` (path, optional).
    package init(environment: [String: String], applicationName: String = "columna") throws {
        guard let url = environment["COLUMNA_DATABASE_URL"], !url.isEmpty else {
            throw PostgresError(
                code: .invalidConfiguration,
                message:
                    "COLUMNA_DATABASE_URL is not set, expected postgresql://user@host:port/database: run `columna local up`, which prints it"
            )
        }
        guard url.hasPrefix("postgresql://") || url.hasPrefix("postgres://") else {
            throw PostgresError(
                code: .invalidConfiguration,
                message:
                    "COLUMNA_DATABASE_URL must begin with postgresql://, expected postgresql://user@host:port/database")
        }
        self.init(
            url: url, passwordFile: environment["COLUMNA_DATABASE_PASSWORD_FILE"], applicationName: applicationName)
    }

    /// `COLUMNA_DATABASE_PASSWORD_FILE` of this process.
    package static var namedPasswordFile: String? {
        ProcessInfo.processInfo.environment["COLUMNA_DATABASE_PASSWORD_FILE"]
    }

    /// libpq keywords in order; a later one overrides what the URL says.
    var keywords: [(String, String)] {
        get throws {
            var keywords = [
                ("dbname", url),
                ("application_name", applicationName),
                ("connect_timeout", String(connectTimeoutInSeconds)),
                ("client_encoding", "UTF8"),
                ("keepalives_idle", "30"),
                ("keepalives_interval", "10"),
                ("keepalives_count", "3"),
                ("tcp_user_timeout", "30000"),
            ]
            if let passwordFile { keywords.append(("password", try Self.password(in: passwordFile))) }
            return keywords
        }
    }

    /// Run once per session.
    var sessionStatement: Query {
        SessionStatements.configureSession(
            .text(Self.milliseconds(statementTimeoutInSeconds)), .text(Self.milliseconds(lockTimeoutInSeconds)),
            .text(Self.milliseconds(idleInTransactionTimeoutInSeconds)))
    }

    private static func milliseconds(_ seconds: Double) -> String { "\(Int(seconds * 1000))ms" }

    private static func password(in file: String) throws -> String {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8),
            let line = text.split(whereSeparator: \.isNewline).first
        else {
            throw PostgresError(
                code: .invalidConfiguration,
                message:
                    "COLUMNA_DATABASE_PASSWORD_FILE cannot be read or is empty, expected a file whose first line is the password"
            )
        }
        return String(line)
    }
}
