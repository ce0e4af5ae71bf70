import Faults
package import Foundation

/// A configuration of a MONAI bundle, read as data: references (`@inferer#overlap`) are followed, and of what is Python
/// (`$…`) only the small part that writes a value: numbers, texts, lists, references, `+` and `a if b else c`.
/// Everything else is a program and refused. Source: MONAI's bundle specification, "config syntax".
package struct BundleConfiguration {
    /// A JSON value: `[String: Any]`, `[Any]`, `String`, `NSNumber` or `NSNull`.
    private var root: [String: Any]

    /// - Throws: `malformedSettings`.
    package init(json: Data, name: String) throws {
        root = try PythonJSON.object(json, name: name, owner: "a MONAI bundle")
    }

    /// Replaces a value, as `monai.bundle run --displayable_configs#highres False` does.
    /// - Throws: `malformedSettings` where there is none of that name.
    package mutating func set(_ path: String, to value: Any) throws {
        let keys = path.split(separator: "#").map(String.init)
        func replaced(_ value: Any, _ keys: ArraySlice<String>, _ new: Any) throws -> Any {
            guard let key = keys.first else { return new }
            guard var object = value as? [String: Any], let old = object[key] else { throw Self.missing(path) }
            object[key] = try replaced(old, keys.dropFirst(), new)
            return object
        }
        root = try replaced(root, keys[...], value) as? [String: Any] ?? root
    }

    /// What stands at a path such as `inferer#overlap`, without references and Python; nil where nothing does.
    package func value(_ path: String) throws -> Any? {
        let walk = Walk()
        guard let found = try raw(path, walk) else { return nil }
        return try resolved(found, walk)
    }

    package func has(_ path: String) -> Bool { (try? raw(path, Walk())) != nil }

    private func raw(_ path: String, _ walk: Walk) throws -> Any? {
        var value: Any = root
        for key in path.split(separator: "#") {
            // A reference may stand in the middle of a path.
            if let text = value as? String, text.hasPrefix("@") {
                guard let found = try raw(String(text.dropFirst()), walk.deeper()) else { return nil }
                value = found
            }
            if let list = value as? [Any], let index = Int(key), list.indices.contains(index) {
                value = list[index]
            } else if let next = (value as? [String: Any])?[String(key)] {
                value = next
            } else {
                return nil
            }
        }
        return value
    }

    private func resolved(_ value: Any, _ walk: Walk) throws -> Any {
        try walk.take(value)
        switch value {
        case let list as [Any]: return try list.map { try member($0, walk) }
        case let object as [String: Any]: return try object.mapValues { try member($0, walk) }
        case let text as String where text.hasPrefix("@"): return try referred(String(text.dropFirst()), walk)
        case let text as String where text.hasPrefix("$"):
            var expression = Expression(text.dropFirst())
            let result = try expression.value {
                let found = try referred($0, walk)
                try walk.take(found)
                return found
            }
            guard expression.isAtEnd else { throw Self.program(text) }
            return result
        default: return value
        }
    }

    /// Within something larger a program is an error only for whoever needs its value: devices are chosen by one.
    private func member(_ value: Any, _ walk: Walk) throws -> Any {
        do { return try resolved(value, walk.deeper()) } catch let error as PyTorchFileError
            where error.code == .unsupported
        {
            return BundleProgram(text: "\(value)")
        }
    }

    /// - Parameter path: without its `@`.
    private func referred(_ path: String, _ walk: Walk) throws -> Any {
        guard let found = try raw(path, walk) else { throw Self.missing(path) }
        return try resolved(found, walk.deeper())
    }

    private static func missing(_ path: String) -> PyTorchFileError {
        PyTorchFileError(.malformedSettings, "the bundle's configuration has no \(path.prefix(80))")
    }

    fileprivate static func program(_ text: some StringProtocol) -> PyTorchFileError {
        PyTorchFileError(
            .unsupported,
            "the bundle's configuration has a program where a value is expected, which Columna does not run: \(text.prefix(120))"
        )
    }
}

/// How far the way to one value has led: references to references could go on for ever, or grow twofold with each.
private struct Walk {
    private final class Allowance { var left = 1_000_000 }

    /// So deep no bundle goes.
    private static let deepest = 32

    private var depth = 0
    private let allowance = Allowance()

    func deeper() throws -> Walk {
        guard depth < Self.deepest else {
            throw PyTorchFileError(.malformedSettings, "the bundle's references lead in circles")
        }
        var next = self
        next.depth += 1
        return next
    }

    /// Counts a value, and the characters of a text.
    func take(_ value: Any) throws {
        allowance.left -= 1 + ((value as? String)?.utf8.count ?? 0)
        guard allowance.left >= 0 else {
            throw PyTorchFileError(
                .malformedSettings,
                "the bundle's references make of one value more than a million values and characters")
        }
    }
}

/// Stands where a configuration has a program, which nobody runs.
package struct BundleProgram: CustomStringConvertible {
    let text: String

    package var description: String { "a program (\(text.prefix(40)))" }
}

/// The part of Python that writes values.
private struct Expression {
    private let whole: Substring
    private var rest: Substring
    private var depth = 0
    private static let deepest = 64

    init(_ text: Substring) {
        whole = text
        rest = text
    }

    var isAtEnd: Bool {
        mutating get {
            skipSpaces()
            return rest.isEmpty
        }
    }

    private mutating func skipSpaces() { rest = rest.drop(while: \.isWhitespace) }

    private mutating func take(_ word: String) -> Bool {
        skipSpaces()
        guard rest.hasPrefix(word) else { return false }
        let after = rest.dropFirst(word.count)
        if word.last?.isLetter == true, let next = after.first, next.isLetter || next.isNumber || next == "_" {
            return false
        }
        rest = after
        return true
    }

    mutating func value(_ refer: (String) throws -> Any) throws -> Any {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw BundleConfiguration.program(whole) }
        var first = try term(refer)
        while take("+") {
            let second = try term(refer)
            guard let one = first as? String, let other = second as? String else {
                throw BundleConfiguration.program(whole)
            }
            first = one + other
        }
        guard take("if") else { return first }
        guard let condition = try value(refer) as? NSNumber, take("else") else {
            throw BundleConfiguration.program(whole)
        }
        let other = try value(refer)
        return condition.boolValue ? first : other
    }

    private mutating func term(_ refer: (String) throws -> Any) throws -> Any {
        skipSpaces()
        for (word, value) in [("True", true as Any), ("False", false), ("None", NSNull())] where take(word) {
            return value
        }
        for (open, close) in [("[", "]"), ("(", ")")] where take(open) {
            var list: [Any] = []
            var isList = open == "["
            while !take(close) {
                list.append(try value(refer))
                if take(",") {
                    isList = true
                } else if !take(close) {
                    throw BundleConfiguration.program(whole)
                } else {
                    break
                }
            }
            return isList || list.isEmpty ? list : list[0]
        }
        if take("@") {
            let name = rest.prefix { $0.isLetter || $0.isNumber || "_#".contains($0) }
            rest = rest.dropFirst(name.count)
            return try refer(String(name))
        }
        if let quote = rest.first, quote == "'" || quote == "\"" {
            guard let end = rest.dropFirst().firstIndex(of: quote) else { throw BundleConfiguration.program(whole) }
            let text = rest[rest.index(after: rest.startIndex)..<end]
            rest = rest[rest.index(after: end)...]
            guard !text.contains("\\") else { throw BundleConfiguration.program(whole) }
            return String(text)
        }
        let number = rest.prefix { $0.isNumber || ".-+e".contains($0) }
        guard let value = Double(number), value.isFinite else { throw BundleConfiguration.program(whole) }
        rest = rest.dropFirst(number.count)
        return number.contains(".") ? value : Int(exactly: value) as Any? ?? value
    }
}
