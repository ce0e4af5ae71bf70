import Faults
import Networks
package import TensorCore

/// Named tensors of a PyTorch file, in its order. Their values are read by `tensors`.
package struct StateDictionary: Sendable {
    package private(set) var entries: [(name: String, tensor: TensorReference)]
    private let storages: StorageFile
    /// The keys in the file under which there are weights of the network that was looked for: those of the first were
    /// taken.
    package private(set) var keys: [String] = []

    /// The keys under which training loops wrap the weights, in the order they are looked for.
    private static let wrappers = ["state_dict", "model_state_dict", "model", "network_weights", "net", "network"]
    /// Dictionaries within dictionaries that are looked through.
    private static let deepest = 4
    /// Bytes of UTF-8. Modules nest a few deep, so names of networks have some dozens.
    private static let longestName = 1024

    /// The weights in a file as people have them: a bare state dict, or one that a training loop keeps among other
    /// things.
    /// - Parameter anchor: a parameter that every such network has; nil: the first state dict is taken, whatever it is
    ///   of.
    /// - Throws: `missingTensor` if there are none, `malformedTensor`, also for a name of more than 1024 bytes.
    package init(_ file: PyTorchFile, anchor: String? = nil) throws {
        let found = Self.dictionaries(in: file.graph)
        guard let first = found.first else {
            throw PyTorchFileError(
                .missingTensor,
                "the file holds no state dict: neither names with tensors nor an object that has them under \(Self.wrappers.joined(separator: ", "))"
            )
        }
        let wanted = anchor.map { anchor in found.filter { Self.holds(anchor, $0.value, file.graph) } } ?? []
        try self.init((wanted.first ?? first).value, of: file)
        keys = wanted.map(\.key)
    }

    /// All dictionaries with tensors and the keys they are under, what is wrapped before what wraps it: a score or a
    /// random generator's state may be a tensor beside the weights.
    private static func dictionaries(in graph: PickleGraph) -> [(key: String, value: PickleValue)] {
        var found: [(key: String, value: PickleValue)] = []
        // A dictionary may hold itself.
        var seen: Set<Int> = []
        func look(_ value: PickleValue, _ path: [String]) {
            guard case .dictionary(let index) = value, path.count < deepest, seen.insert(index).inserted else { return }
            let pairs = graph.dictionaries[index]
            for key in wrappers { if let inner = graph.value(key, of: value) { look(inner, path + [key]) } }
            for case (.text(let key), let inner) in pairs { look(inner, path + [String(key.prefix(40))]) }
            if pairs.contains(where: { if case (.text, .tensor) = $0 { true } else { false } }) {
                found.append((path.joined(separator: "."), value))
            }
        }
        look(graph.root, [])
        return found
    }

    private static func holds(_ anchor: String, _ value: PickleValue, _ graph: PickleGraph) -> Bool {
        guard case .dictionary(let index) = value else { return false }
        return graph.dictionaries[index].contains {
            if case (.text(let name), .tensor) = $0 { name == anchor || name.hasSuffix("." + anchor) } else { false }
        }
    }

    /// The tensors of a dictionary; values that are no tensors are left out, as buffers of counters are no weights.
    package init(_ dictionary: PickleValue, of file: PyTorchFile) throws {
        guard case .dictionary(let index) = dictionary else {
            throw PyTorchFileError(.missingTensor, "the weights are no state dict")
        }
        storages = file.storages
        entries = []
        var positions: [String: Int] = [:]
        for case (.text(let name), .tensor(let tensor)) in file.graph.dictionaries[index] {
            try Self.checkName(name)
            let entry = (name: name, tensor: file.graph.tensors[tensor])
            if let position = positions[name] {
                entries[position] = entry
            } else {
                positions[name] = entries.count
                entries.append(entry)
            }
        }
        try checkTotal()
    }

    /// Tensors that came by another format.
    /// - Throws: `malformedTensor`.
    package init(_ tensors: [(name: String, tensor: Tensor)]) throws {
        storages = .memory(Dictionary(tensors.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first }))
        entries = try tensors.map { name, tensor in
            try Self.checkName(name)
            let storage = StorageReference(key: name, type: .float32, count: tensor.shape.reduce(1, *))
            return (
                name,
                try TensorReference(
                    storage: storage, offset: 0, shape: tensor.shape,
                    strides: TensorReference.denseStrides(tensor.shape))
            )
        }
    }

    private static func checkName(_ name: String) throws {
        guard name.utf8.count <= longestName else {
            throw PyTorchFileError(
                .malformedTensor,
                "a tensor's name has \(name.utf8.count) bytes (\(name.prefix(40))…), at most \(longestName) are expected"
            )
        }
    }

    /// Many views of one storage would make a small file large.
    private func checkTotal() throws {
        let stored = Set(entries.map(\.tensor.storage)).reduce(0.0) { $0 + Double($1.count) }
        let wanted = Set(entries.map(\.tensor)).reduce(0.0) { $0 + Double($1.count) }
        guard wanted <= 2 * stored else {
            throw PyTorchFileError(
                .malformedTensor, "the tensors have \(wanted) numbers together, the file only \(stored)")
        }
    }

    /// Takes off what stands before the network's own names, and leaves out what lies beside them. Without the anchor
    /// nothing changes.
    /// - Throws: `unsupported` for several networks beside each other.
    package mutating func unwrap(anchor: String) throws {
        do {
            guard let prefix = try WrapperPrefix.before(anchor, in: names), !prefix.isEmpty else { return }
            entries = entries.filter { $0.name.hasPrefix(prefix) }.map {
                (String($0.name.dropFirst(prefix.count)), $0.tensor)
            }
        } catch let error as TensorError {
            throw PyTorchFileError(.unsupported, error.description)
        }
    }

    /// Leaves out tensors that are no parameters.
    package mutating func leaveOut(_ isLeftOut: (String) -> Bool) { entries.removeAll { isLeftOut($0.name) } }

    package var names: [String] { entries.map(\.name) }

    package func shape(_ name: String) -> [Int]? { entries.first { $0.name == name }?.tensor.shape }

    /// Gives every tensor another name; those that then have the same name must be the same tensor, or equal ones.
    /// - Throws: `malformedTensor` naming two that are not.
    package mutating func rename(_ name: (String) -> String) throws {
        var kept: [(name: String, tensor: TensorReference)] = []
        var origins: [String: (index: Int, name: String)] = [:]
        for entry in entries {
            let renamed = name(entry.name)
            if let origin = origins[renamed] {
                try requireEqual((origin.name, kept[origin.index].tensor), entry)
            } else {
                origins[renamed] = (kept.count, entry.name)
                kept.append((renamed, entry.tensor))
            }
        }
        entries = kept
    }

    private func requireEqual(
        _ first: (name: String, tensor: TensorReference), _ second: (name: String, tensor: TensorReference)
    ) throws {
        guard first.tensor != second.tensor else { return }
        guard first.tensor.shape == second.tensor.shape,
            try dense(first).values.elementsEqual(dense(second).values, by: { $0.bitPattern == $1.bitPattern })
        else {
            throw PyTorchFileError(
                .malformedTensor,
                "the tensors \(first.name.prefix(120)) of shape \(first.tensor.shape) and \(second.name.prefix(120)) of shape \(second.tensor.shape) "
                    + "are one parameter of the network, but differ")
        }
    }

    private func dense(_ entry: (name: String, tensor: TensorReference)) throws -> Tensor {
        try naming(entry) { try entry.tensor.dense(in: storages.bytes(entry.tensor.storage)) }
    }

    /// Every tensor in the order of the file, dense and in float32. Those that are one tensor under several names share
    /// memory.
    /// - Throws: `malformedTensor` or `malformedArchive` naming the tensor.
    package func tensors() throws -> [(name: String, tensor: Tensor)] {
        var made: [TensorReference: Tensor] = [:]
        // A storage's check sum is computed, or it is inflated, once for all its views.
        let groups = Dictionary(grouping: entries.indices) { entries[$0].tensor.storage }
        for group in groups.values.sorted(by: { $0[0] < $1[0] }) {
            try naming(entries[group[0]]) {
                let bytes = try storages.bytes(entries[group[0]].tensor.storage)
                for index in group where made[entries[index].tensor] == nil {
                    made[entries[index].tensor] = try entries[index].tensor.dense(in: bytes)
                }
            }
        }
        return entries.compactMap { entry in made[entry.tensor].map { (entry.name, $0) } }
    }

    private func naming<Result>(_ entry: (name: String, tensor: TensorReference), _ body: () throws -> Result) throws
        -> Result
    {
        do {
            return try body()
        } catch let error as PyTorchFileError {
            throw PyTorchFileError(
                error.code, "the tensor \(entry.name.prefix(120)) of shape \(entry.tensor.shape): \(error)")
        }
    }
}
