import Faults
package import Networks
import TensorCore

extension StateDictionary {
    /// The tensors as a network's parameters, in the order of its table. Shapes are compared before anything is read.
    /// - Parameter network: what the table belongs to, for messages.
    /// - Throws: `missingTensor`, `shapeMismatch` or `malformedTensor`, naming the tensor and both shapes.
    package func parameters(matching table: [(name: String, shape: [Int])], of network: String) throws -> Parameters {
        let shapes = Dictionary(entries.map { ($0.name, $0.tensor.shape) }, uniquingKeysWith: { first, _ in first })
        for (name, shape) in table {
            guard let found = shapes[name] else {
                throw PyTorchFileError(
                    .missingTensor, "the file has no tensor \(name), the \(network) needs it with the shape \(shape)")
            }
            guard found == shape else {
                throw PyTorchFileError(
                    .shapeMismatch, "the tensor \(name) has the shape \(found), the \(network) needs \(shape)")
            }
        }
        let known = Set(table.map(\.name))
        if let extra = entries.first(where: { !known.contains($0.name) }) {
            throw PyTorchFileError(
                .shapeMismatch,
                "the tensor \(extra.name.prefix(120)) of shape \(extra.tensor.shape) does not belong to the \(network): its shape there would be none"
            )
        }
        let tensors = Dictionary(uniqueKeysWithValues: try tensors().map { ($0.name, $0.tensor) })
        return Parameters(
            named: try table.compactMap { name, _ in
                guard let tensor = tensors[name] else { return nil }
                try requireFinite(name, tensor)
                return (name, tensor)
            })
    }

    private func requireFinite(_ name: String, _ tensor: Tensor) throws {
        let count = tensor.withUnsafeBufferPointer { values in values.count { !$0.isFinite } }
        guard count == 0 else {
            throw PyTorchFileError(
                .malformedTensor,
                "the tensor \(name) of shape \(tensor.shape) has \(count) values that are NaN or infinite")
        }
    }
}
