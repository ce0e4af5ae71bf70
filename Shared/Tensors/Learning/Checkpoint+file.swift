import Faults
package import Foundation
import Networks
import Plans
import TensorCore

/// The file is safetensors: weights under their original names, the optimizer's state as `optimizer.m.<name>`,
/// `optimizer.v.<name>` (AdamW) or `optimizer.velocity.<name>` (SGD), and, as far as there are any, `averaged.<name>`,
/// `best.<name>`, and under `epoch.` the same of the epoch's beginning; plan, recipe, split and state as JSON in the
/// metadata.
extension Checkpoint {
    private enum Prefix {
        static let optimizer = "optimizer."
        static let averaged = "averaged."
        static let best = "best."
        static let epoch = "epoch."
    }

    /// Deterministic: equal checkpoints give equal bytes.
    package func data() throws -> Data {
        var tensors = Self.named(parameters, optimizer, averaged)
        if let best { tensors += Self.named(best, Prefix.best) }
        if let epochStart {
            tensors += Self.named(epochStart.parameters, epochStart.optimizer, epochStart.averaged, Prefix.epoch)
        }
        return Safetensors.serialized(
            tensors,
            metadata: [
                "plan": String(decoding: try plan.json(), as: UTF8.self),
                "recipe": String(decoding: try recipe.json(), as: UTF8.self),
                "split": try Self.text(split),
                "state": try Self.text(state),
            ])
    }

    private static func named(
        _ parameters: Parameters, _ optimizer: Optimizer, _ averaged: Parameters?, _ prefix: String = ""
    ) -> [(name: String, tensor: Tensor)] {
        let state = zip(optimizer.stateNames, optimizer.state).flatMap { name, part in
            named(part, prefix + Prefix.optimizer + name + ".")
        }
        return named(parameters, prefix) + state + (averaged.map { named($0, prefix + Prefix.averaged) } ?? [])
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
        let recipe = try Recipe(json: text("recipe"))
        let state: TrainingState = try decoded("state")
        let names = plan.network.parameterTable.map(\.name)
        var sets = 0
        // The network checks names and shapes of each set of tensors.
        func tensors(_ prefix: String) throws -> Parameters {
            sets += 1
            let named = Parameters(named: try names.map { ($0, try file.tensor(prefix + $0)) })
            return try Network(configuration: plan.network, parameters: named).parameters
        }
        func optimizer(_ prefix: String, step: Int) throws -> Optimizer {
            let parts = try recipe.optimizer.stateNames.map { try tensors(prefix + Prefix.optimizer + $0 + ".") }
            return Optimizer(recipe, step: step, state: parts)
        }
        func averaged(_ prefix: String) throws -> Parameters? {
            try recipe.averaging.map { _ in try tensors(prefix + Prefix.averaged) }
        }
        let hasBest = file.names.contains { $0.hasPrefix(Prefix.best) }
        let hasEpoch = file.names.contains { $0.hasPrefix(Prefix.epoch) }
        self.plan = plan
        self.recipe = recipe
        self.state = state
        split = try decoded("split")
        parameters = try tensors("")
        self.optimizer = try optimizer("", step: state.step)
        self.averaged = try averaged("")
        best = hasBest ? try tensors(Prefix.best) : nil
        epochStart =
            hasEpoch
            ? EpochStart(
                parameters: try tensors(Prefix.epoch),
                optimizer: try optimizer(Prefix.epoch, step: state.epochFirstStep),
                averaged: try averaged(Prefix.epoch)) : nil
        guard file.names.count == names.count * sets else {
            throw LearningError(
                .unreadableCheckpoint,
                "checkpoint has \(file.names.count) tensors, expected \(names.count * sets)")
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
