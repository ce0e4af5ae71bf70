package import Foundation

/// One value of a pickle. Containers and tensors are indices into the `PickleGraph`, so shared and circular ones cost
/// nothing, and freeing a deeply nested one needs no stack.
package enum PickleValue: Sendable {
    case none
    case boolean(Bool)
    case integer(Int)
    case real(Double)
    case text(String)
    case bytes(Data)
    /// What `_codecs.encode(text, "latin1")` makes: bytes written as text.
    case latin1(String)
    /// Tuples, lists and sets.
    case sequence(Int)
    /// Dictionaries, ordered or not.
    case dictionary(Int)
    case global(PickleGlobal)
    case storage(StorageReference)
    case tensor(Int)
    case numpyType(String)
    /// A NumPy array: its place in the graph, where the numbers are once the pickle has stated them.
    case array(Int)
    /// Known to be harmless, and of no use here: a device, a path, a number too large for any size or index.
    case opaque
}

extension PickleValue {
    /// Whether it is a tensor, or one of numbers that are of no use here.
    var isTensor: Bool {
        switch self {
        case .tensor, .opaque: true
        default: false
        }
    }
}
