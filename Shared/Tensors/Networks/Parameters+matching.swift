import Faults
import TensorCore

extension Parameters {
    /// Checks names and shapes against a network's table and puts the tensors in its order.
    /// - Throws: `missingTensor`, `shapeMismatch` or `unexpectedTensor`, naming the parameter and both shapes.
    package func matching(_ table: [(name: String, shape: [Int])]) throws -> Parameters {
        let ordered = try table.map { name, shape in
            guard contains(name) else {
                throw TensorError(.missingTensor, "the parameter \(name) of shape \(shape) is missing")
            }
            let found = self[name].shape
            guard found == shape else {
                throw TensorError(.shapeMismatch, "the parameter \(name) must have the shape \(shape), got \(found)")
            }
            return (name, self[name])
        }
        let expected = Set(table.map(\.name))
        if let extra = names.first(where: { !expected.contains($0) }) {
            throw TensorError(
                .unexpectedTensor,
                "the parameter \(extra) of shape \(self[extra].shape) does not belong to this network")
        }
        return Parameters(named: ordered)
    }
}
