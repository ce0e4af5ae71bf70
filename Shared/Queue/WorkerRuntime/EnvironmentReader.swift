import FoundationEssentials

/// Reads and checks environment variables; every error names the variable, its value, what was expected and a remedy.
package struct EnvironmentReader {
    private let environment: [String: String]

    package init(_ environment: [String: String]) { self.environment = environment }

    package func optionalText(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    package func text(_ name: String, expected: String) throws -> String {
        guard let value = optionalText(name) else {
            throw ConfigurationError(variable: name, value: nil, expected: expected, remedy: Self.remedy(name))
        }
        return value
    }

    package func integer(_ name: String, in range: ClosedRange<Int>, default fallback: Int) throws -> Int {
        try integer(name, in: range, remedy: "unset it to use \(fallback), or: export \(name)=\(fallback)") ?? fallback
    }

    /// `COLUMNA_THREADS`, which the pool of threads reads itself and takes for unset where it is wrong; nil: one a
    /// processor.
    package func threads() throws -> Int? {
        try integer("COLUMNA_THREADS", in: 1...1024, remedy: "unset it to use one a processor")
    }

    private func integer(_ name: String, in range: ClosedRange<Int>, remedy: String) throws -> Int? {
        guard let text = optionalText(name) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw ConfigurationError(
                variable: name, value: text, expected: "an integer from \(range.lowerBound) to \(range.upperBound)",
                remedy: remedy)
        }
        return value
    }

    package func choice(_ name: String, of choices: [String], default fallback: String) throws -> String {
        guard let value = optionalText(name) else { return fallback }
        guard choices.contains(value) else {
            throw ConfigurationError(
                variable: name, value: value, expected: "one of \(choices.joined(separator: ", "))",
                remedy: "export \(name)=\(fallback)")
        }
        return value
    }

    /// A URL whose password may come from a file, as container secrets do. Its text never reaches an error: it may hold
    /// a password.
    package func url(_ name: String, schemes: [String], passwordFile: String) throws -> String {
        let expected = schemes.map { "\($0)://USER@HOST:PORT/NAME" }.joined(separator: " or ")
        let value = try text(name, expected: expected)
        guard let parts = URLComponents(string: value), let scheme = parts.scheme, schemes.contains(scheme),
            parts.host != nil
        else {
            throw ConfigurationError(
                variable: name, value: "(hidden: it may hold a password)", expected: expected, remedy: Self.remedy(name)
            )
        }
        guard let path = optionalText(passwordFile) else { return value }
        guard let password = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw ConfigurationError(
                variable: passwordFile, value: path, expected: "a readable file that holds the password",
                remedy: "check that the secret is mounted there")
        }
        // Everything but unreserved characters is escaped, so no password can change the URL's structure.
        let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        var withPassword = parts
        withPassword.percentEncodedPassword = password.utf8.reduce(into: "") { text, byte in
            guard byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") else { return }
            text += unreserved.contains(byte) ? String(UnicodeScalar(byte)) : "%" + Self.hexadecimal(byte)
        }
        return withPassword.string ?? value
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.count == 2 ? digits : "0" + digits
    }

    private static func remedy(_ name: String) -> String {
        "for a private system run: eval \"$(columna local environment)\""
    }
}
