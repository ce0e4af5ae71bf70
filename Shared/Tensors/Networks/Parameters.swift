package import TensorCore

/// The named tensors of a network (or their gradients), in the order of the network's parameter table.
package struct Parameters: Sendable {
    package private(set) var names: [String]
    private var tensors: [String: Tensor]

    /// Keeps the order given; names must differ.
    package init(named: [(String, Tensor)]) {
        names = named.map(\.0)
        tensors = Dictionary(uniqueKeysWithValues: named)
    }

    /// The tensor of a name the table holds; anything else is a programming error. A new name is added at the end.
    package subscript(name: String) -> Tensor {
        get {
            guard let tensor = tensors[name] else { fatalError("there is no parameter named \(name)") }
            return tensor
        }
        set {
            if tensors.updateValue(newValue, forKey: name) == nil { names.append(name) }
        }
    }

    /// Changes the tensor of a name the table holds where it lies, without a copy if nobody else holds it.
    package mutating func change<R>(_ name: String, _ body: (inout Tensor) -> R) -> R {
        guard let index = tensors.index(forKey: name) else { fatalError("there is no parameter named \(name)") }
        return body(&tensors.values[index])
    }

    package func contains(_ name: String) -> Bool { tensors[name] != nil }

    /// Numbers in all tensors together.
    package var parameterCount: Int { names.reduce(0) { $0 + self[$1].count } }

    /// Name and tensor in order, as `Safetensors.serialized` takes them.
    package var named: [(name: String, tensor: Tensor)] { names.map { ($0, self[$0]) } }
}
