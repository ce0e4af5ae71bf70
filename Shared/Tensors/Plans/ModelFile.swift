import Faults
package import Foundation
import Networks
package import TensorCore

/// A model as one file: safetensors of the weights under their original names, the plan as JSON under the metadata key
/// `plan`. Of several networks each has its number before its names (`0/convInit.conv.weight`), and how many there are
/// stands under `networks`.
package enum ModelFile {
    static let planKey = "plan"
    private static let networksKey = "networks"
    /// So many folds nobody trains.
    private static let mostNetworks = 64

    /// Deterministic: the same model gives the same bytes. `metadata` may add keys of the caller (never patient data).
    package static func data(
        _ model: Model, as precision: StoredPrecision = .float32, metadata: [String: String] = [:]
    ) throws -> Data {
        Safetensors.serialized(tensors(of: model), as: precision, metadata: try complete(metadata, model))
    }

    /// - Throws: `TensorError` if the bytes are not safetensors or the weights don't fit, `PlanError` if the plan is
    ///   missing or invalid.
    package static func model(from data: Data) throws -> Model {
        try model(from: Safetensors(data: data))
    }

    package static func write(_ model: Model, to url: URL, metadata: [String: String] = [:]) throws {
        try Safetensors.write(tensors(of: model), metadata: complete(metadata, model), to: url)
    }

    private static func complete(_ metadata: [String: String], _ model: Model) throws -> [String: String] {
        var metadata = metadata
        metadata[planKey] = String(decoding: try model.plan.json(), as: UTF8.self)
        if model.networks.count > 1 { metadata[networksKey] = String(model.networks.count) }
        return metadata
    }

    private static func tensors(of model: Model) -> [(name: String, tensor: Tensor)] {
        guard model.networks.count > 1 else { return model.network.parameters.named }
        return model.networks.enumerated().flatMap { number, network in
            network.parameters.named.map { (prefix(number) + $0.name, $0.tensor) }
        }
    }

    private static func prefix(_ network: Int) -> String { "\(network)/" }

    /// Weights that come without a plan, under one that is given; names may have the prefix of a wrapper before them,
    /// and batch norms' counts of batches beside them.
    /// - Throws: as `model(from:)`.
    package static func model(of weights: [(name: String, tensor: Tensor)], plan: Plan) throws -> Model {
        let prefix = try WrapperPrefix.before(plan.network.anchor, in: weights.map(\.name)) ?? ""
        let named = weights.filter { $0.name.hasPrefix(prefix) && !$0.name.hasSuffix(".num_batches_tracked") }
        return try Model(
            plan: plan,
            parameters: Parameters(named: named.map { (String($0.name.dropFirst(prefix.count)), $0.tensor) }))
    }

    /// The tensors of a file that has no plan, under their names.
    /// - Throws: `PlanError.invalidPlan` if it has one, `TensorError` if it is not safetensors.
    package static func weights(withoutPlan data: Data) throws -> [(name: String, tensor: Tensor)] {
        let file = try Safetensors(data: data)
        guard file.metadata[planKey] == nil else {
            throw PlanError(.invalidPlan, "model file has a plan of its own; leave the other one out")
        }
        return try file.names.map { ($0, try file.tensor($0)) }
    }

    /// The same file with each weight rounded to `precision`, all else as it was.
    ///
    /// - Throws: as `model(from:)`; `PlanError.unreadableModel` where a weight is too large for `precision`.
    package static func rounded(_ data: Data, to precision: StoredPrecision) throws -> Data {
        let file = try Safetensors(data: data)
        let model = try model(from: file)
        let rounded = Safetensors.serialized(tensors(of: model), as: precision, metadata: file.metadata)
        let again = try Safetensors(data: rounded)
        for (name, tensor) in tensors(of: model)
        where try zip(tensor.values, again.tensor(name).values).contains(where: { $0.isFinite && !$1.isFinite }) {
            throw PlanError(
                .unreadableModel,
                "\(name) has weights that \(precision.rawValue) cannot hold: leave the precision at float32")
        }
        return rounded
    }

    /// What stands beside the plan in a model file.
    /// - Throws: `TensorError` if it is not safetensors.
    package static func metadata(_ data: Data) throws -> [String: String] { try Safetensors(data: data).metadata }

    package static func read(_ url: URL) throws -> Model {
        try model(from: Safetensors.read(url))
    }

    private static func model(from file: Safetensors) throws -> Model {
        let plan = try plan(of: file)
        guard let text = file.metadata[networksKey] else {
            return try Model(plan: plan, parameters: Parameters(named: file.names.map { ($0, try file.tensor($0)) }))
        }
        guard let count = Int(text), (2...mostNetworks).contains(count) else {
            throw PlanError(
                .unreadableModel,
                "model file says that it has '\(text.prefix(20))' networks, expected 2 to \(mostNetworks)")
        }
        let ensemble = try (0..<count).map { number in
            let prefix = prefix(number)
            return Parameters(
                named: try file.names.filter { $0.hasPrefix(prefix) }.map {
                    (String($0.dropFirst(prefix.count)), try file.tensor($0))
                })
        }
        guard ensemble.reduce(0, { $0 + $1.names.count }) == file.names.count else {
            throw PlanError(.unreadableModel, "model file has weights that are of none of its \(count) networks")
        }
        return try Model(plan: plan, ensemble: ensemble)
    }

    static func plan(of file: Safetensors) throws -> Plan {
        guard let json = file.metadata[planKey] else {
            throw PlanError(.unreadableModel, "model file has no plan in its metadata; expected the key \"\(planKey)\"")
        }
        return try Plan(json: Data(json.utf8))
    }
}
