import Faults
import Foundation
import TensorCore

/// What the names of `PickleGlobal` do when a pickle calls them: build a value, nothing else.
extension PickleMachine {
    /// The callable and its arguments on the stack become what it makes.
    mutating func call() throws {
        let values = try pop(2)
        guard case .global(let callable) = values[0] else { throw defect("it calls something that cannot be called") }
        try call(callable, items(values[1]))
    }

    private mutating func call(_ callable: PickleGlobal, _ arguments: [PickleValue]) throws {
        switch callable {
        case .dictionaryType: try callDictionary(arguments)
        case .sequenceType:
            guard let first = arguments.first else { return pushSequence([]) }
            // The same tuple or list under another name.
            guard case .sequence = first else { throw defect("a list of something that is no list") }
            stack.append(first)
        case .rebuildTensor:
            // Of numbers that no network here has, complex ones for instance.
            if case .opaque = arguments.first { return stack.append(.opaque) }
            pushTensor(try tensor(arguments))
        case .rebuildParameter:
            guard let first = arguments.first, first.isTensor else { throw defect("a parameter without a tensor") }
            stack.append(first)
        case .rebuildSubclass: try callSubclass(arguments)
        case .encode:
            guard case .text(let text) = arguments.first else {
                throw defect("bytes made of something that is no text")
            }
            stack.append(.latin1(text))
        case .numpyType:
            guard case .text(let name) = arguments.first else { throw defect("a NumPy type without a name") }
            stack.append(.numpyType(name))
        case .numpyScalar: stack.append(numpyScalar(arguments))
        case .numpyArray: pushArray()
        case .numpyBuffer: pushArray(numpyArray(arguments))
        case .opaqueType: stack.append(.opaque)
        case .storageType, .otherStorageType, .elementType: throw defect("it calls something that cannot be called")
        }
    }

    /// None, pairs (`OrderedDict`), a dictionary (`Counter`), or the type of its defaults first (`defaultdict`).
    private mutating func callDictionary(_ arguments: [PickleValue]) throws {
        switch arguments.last {
        case .dictionary(let index): stack.append(.dictionary(index))
        case .sequence(let index):
            let pairs = try graph.sequences[index].map { pair in
                let values = try items(pair)
                guard values.count == 2 else { throw defect("a dictionary made of something that is no pairs") }
                return (key: values[0], value: values[1])
            }
            pushDictionary(pairs)
        case nil, .global?, PickleValue.none?: pushDictionary()
        default: throw defect("a dictionary made of something that is none")
        }
    }

    /// `_rebuild_from_type_v2(function, type, arguments, state)`: a tensor with attributes, which are left aside.
    private mutating func callSubclass(_ arguments: [PickleValue]) throws {
        guard arguments.count >= 3, case .global(let callable) = arguments[0], callable != .rebuildSubclass else {
            throw defect("a tensor that is made by something else than a function")
        }
        try call(callable, items(arguments[2]))
    }

    /// Attributes of an object: of use in none of those that can be built, except a NumPy type's byte order.
    mutating func build() throws {
        let values = try pop(2)
        switch values[0] {
        case .numpyType:
            let isBigEndian = try items(values[1]).prefix(2).contains {
                if case .text(">") = $0 { true } else { false }
            }
            stack.append(isBigEndian ? .opaque : values[0])
        case .array(let index):
            // (version, shape, type, whether the first axis is the fastest, bytes)
            let state = try items(values[1])
            if state.count == 5, case .boolean(false) = state[3] {
                setArray(index, numpyArray([state[4], state[2], state[1]]))
            }
            stack.append(values[0])
        case .dictionary, .tensor, .opaque: stack.append(values[0])
        default: throw defect("attributes are set on something that has none")
        }
    }

    /// `_rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks, …)`.
    private func tensor(_ arguments: [PickleValue]) throws -> TensorReference {
        guard arguments.count >= 4, case .storage(let storage) = arguments[0], case .integer(let offset) = arguments[1]
        else {
            throw defect("a tensor without storage and offset")
        }
        guard let shape = graph.integers(arguments[2]), let strides = graph.integers(arguments[3]) else {
            throw defect("a tensor whose shape and strides are not whole numbers")
        }
        return try TensorReference(storage: storage, offset: offset, shape: shape, strides: strides)
    }

    /// `("storage", type, key, device, element count[, view])`.
    mutating func pushStorage() throws {
        let identifier = try items(try pop(1)[0])
        guard identifier.count >= 5, case .text("storage") = identifier[0], case .global(let global) = identifier[1],
            case .text(let key) = identifier[2], case .integer(let count) = identifier[4], count >= 0
        else { throw defect("a storage without type, key and element count") }
        if global == .otherStorageType { return stack.append(.opaque) }
        guard case .storageType(let type) = global else {
            throw defect("a storage without type, key and element count")
        }
        if identifier.count > 5 {
            guard case .none = identifier[5] else {
                throw PyTorchFileError(
                    .unsupported,
                    "a storage that is a view of another, as PyTorch wrote before 0.4; save the weights again with a current one"
                )
            }
        }
        stack.append(.storage(StorageReference(key: key, type: type, count: count)))
    }
}
