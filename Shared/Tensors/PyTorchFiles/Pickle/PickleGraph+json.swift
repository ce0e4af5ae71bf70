import Faults
package import Foundation

extension PickleGraph {
    /// Deeper or larger settings are none.
    private static let deepest = 24
    private static let mostValues = 200_000

    /// Numbers, texts, lists and dictionaries as JSON: nnU-Net keeps its plans inside checkpoints. What JSON cannot say
    /// becomes null.
    /// - Throws: `malformedPickle` if it is nested too deeply or too large.
    package func json(_ value: PickleValue) throws -> Data {
        var left = Self.mostValues
        let object = try plain(value, depth: 0, left: &left)
        guard JSONSerialization.isValidJSONObject(object) else {
            throw PyTorchFileError(.malformedPickle, "settings in the file are no object with names")
        }
        return try JSONSerialization.data(withJSONObject: object)
    }

    private func plain(_ value: PickleValue, depth: Int, left: inout Int) throws -> Any {
        left -= 1
        guard depth <= Self.deepest, left > 0 else {
            throw PyTorchFileError(
                .malformedPickle,
                "settings in the file are nested more than \(Self.deepest) deep, or have more than \(Self.mostValues) values"
            )
        }
        switch resolved(value) {
        case .boolean(let value): return value
        case .integer(let value): return value
        case .real(let value) where value.isFinite: return value
        case .text(let value): return value
        case .sequence(let index): return try sequences[index].map { try plain($0, depth: depth + 1, left: &left) }
        case .dictionary(let index):
            var object: [String: Any] = [:]
            for (key, value) in dictionaries[index] {
                if let name = name(key) { object[name] = try plain(value, depth: depth + 1, left: &left) }
            }
            return object
        default: return NSNull()
        }
    }

    private func name(_ key: PickleValue) -> String? {
        switch key {
        case .text(let text): text
        case .integer(let number): String(number)
        default: nil
        }
    }
}
