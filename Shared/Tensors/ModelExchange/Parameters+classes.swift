import Networks
import TensorCore

extension Parameters {
    /// The same U-Net with its classes in another order: class c becomes what class `order[c]` was. Only the heads know
    /// classes.
    func reorderingClasses(_ order: [Int]) -> Parameters {
        Parameters(
            named: named.map { name, tensor in
                guard name.hasPrefix("decoder.seg_layers.") else { return (name, tensor) }
                let row = tensor.count / order.count
                let values = tensor.values
                return (name, Tensor(order.flatMap { values[$0 * row..<($0 + 1) * row] }, shape: tensor.shape))
            })
    }
}
