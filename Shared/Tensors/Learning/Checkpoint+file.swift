import Faults
package import Foundation
import Networks
import Plans
import TensorCore

/// The file is safetensors: weights under their original names, `optimizer.m.<name>`, `optimizer.v.<name>` and, if
/// there are any, `best.<name>`; plan, recipe, split and state as JSON in the metadata.
extension Checkpoint {
    private enum Prefix {
        static let first = "optimizer.m."
        static let second = "optimizer.v."
        static let best = "best."
    }

    /// Deterministic: equal checkpoints give equal bytes.
    package func data() throws -> Data {
        let tensors =
            parameters.named + Self.named(optimizer.firstMoments, Prefix.first)
            + Self.named(optimizer.secondMoments, Prefix.second)
            + (best.map { Self.named($0, Prefix.best) } ?? [])
        return Safetensors.serialized(
            tensors,
            metadata: [
                "plan": String(decoding: try plan.json(), as: UTF8.self),
                "recipe": String(decoding: try recipe.json(), as: UTF8.self),
                "split": try Self.text(split),
                "state": try Self.text(state),
            ])
    }

    package func write(to url: URL) throws { try data().write(to: url, options: .atomic) }

    /// - Throws: `LearningError.unreadableCheckpoint`, `TensorError` if the bytes are not safetensors or a tensor
    ///   doesn't fit the plan's network, `PlanError`.
    package init(data: Data) throws { try self.init(Safetensors(data: data)) }

    package static func read(_ url: URL) throws -> Checkpoint { try Checkpoint(Safetensors.read(url)) }

    private init(_ file: Safetensors) throws {
        func text(_ key: String) throws -> Data {
            guard let value = file.metadata[key] else {
                throw LearningError(
                    .unreadableCheckpoint, "checkpoint has no \(key) in its metadata; is it a model file?")
            }
            return Data(value.utf8)
        }
        func decoded<Value: Decodable>(_ key: String) throws -> Value {
            let json = try text(key)
            do { return try JSONDecoder().decode(Value.self, from: json) } catch {
                throw LearningError(.unreadableCheckpoint, "checkpoint's \(key) is not readable JSON")
            }
        }
        let plan = try Plan(json: text("plan"))
        let names = plan.network.parameterTable.map(\.name)
        // The network checks names and shapes of each set of tensors.
        func tensors(_ prefix: String) throws -> Parameters {
            let named = Parameters(named: try names.map { ($0, try file.tensor(prefix + $0)) })
            return try Network(configuration: plan.network, parameters: named).parameters
        }
        self.plan = plan
        recipe = try Recipe(json: text("recipe"))
        split = try decoded("split")
        state = try decoded("state")
        parameters = try tensors("")
        optimizer = AdamW(
            step: state.step, firstMoments: try tensors(Prefix.first), secondMoments: try tensors(Prefix.second),
            weightDecay: recipe.weightDecay)
        best = file.names.contains { $0.hasPrefix(Prefix.best) } ? try tensors(Prefix.best) : nil
        let expected = names.count * (best == nil ? 3 : 4)
        guard file.names.count == expected else {
            throw LearningError(
                .unreadableCheckpoint, "checkpoint has \(file.names.count) tensors, expected \(expected)")
        }
    }

    private static func named(_ parameters: Parameters, _ prefix: String) -> [(name: String, tensor: Tensor)] {
        parameters.named.map { (prefix + $0.name, $0.tensor) }
    }

    private static func text<Value: Encodable>(_ value: Value) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
