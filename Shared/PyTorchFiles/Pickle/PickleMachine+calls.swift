import Foundation
import TensorCore

/// What the names of `PickleGlobal` do when a pickle calls them: build a value, nothing else.
extension PickleMachine {
    /// The callable and its arguments on the stack become what it makes.
    mutating func call() throws {
        let values = try pop(2)
        guard case .global(let callable) = values[0] else { throw defect("it calls something that cannot be called") }
        let arguments = try items(values[1])
        switch callable {
        case .dictionaryType:
            guard arguments.isEmpty else { throw defect("an ordered dictionary with arguments, expected none") }
            pushDictionary()
        case .sequenceType:
            guard let first = arguments.first else { return pushSequence([]) }
            // The same tuple or list under another name.
            guard case .sequence = first else { throw defect("a list of something that is no list") }
            stack.append(first)
        case .rebuildTensor: pushTensor(try tensor(arguments))
        case .rebuildParameter:
            guard case .tensor = arguments.first else { throw defect("a parameter without a tensor") }
            stack.append(arguments[0])
        case .encode:
            guard case .text(let text) = arguments.first else { throw defect("bytes made of something that is no text") }
            stack.append(.latin1(text))
        case .numpyType:
            guard case .text(let name) = arguments.first else { throw defect("a NumPy type without a name") }
            stack.append(.numpyType(name))
        case .numpyScalar: stack.append(numpyScalar(arguments))
        case .opaqueType: stack.append(.opaque)
        case .storageType, .elementType: throw defect("it calls something that cannot be called")
        }
    }

    /// Attributes of an object: of use in none of those that can be built, except a NumPy type's byte order.
    mutating func build() throws {
        let values = try pop(2)
        switch values[0] {
        case .numpyType:
            let isBigEndian = try items(values[1]).prefix(2).contains { if case .text(">") = $0 { true } else { false } }
            stack.append(isBigEndian ? .opaque : values[0])
        case .dictionary, .tensor, .opaque: stack.append(values[0])
        default: throw defect("attributes are set on something that has none")
        }
    }

    /// `_rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks, …)`.
    private func tensor(_ arguments: [PickleValue]) throws -> TensorReference {
        guard arguments.count >= 4, case .storage(let storage) = arguments[0], case .integer(let offset) = arguments[1] else {
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
        guard identifier.count >= 5, case .text("storage") = identifier[0], case .global(.storageType(let type)) = identifier[1],
            case .text(let key) = identifier[2], case .integer(let count) = identifier[4], count >= 0
        else { throw defect("a storage without type, key and element count") }
        if identifier.count > 5 {
            guard case .none = identifier[5] else {
                throw PyTorchFileError(.unsupported, "a storage that is a view of another, as PyTorch wrote before 0.4; save the weights again with a current one")
            }
        }
        stack.append(.storage(StorageReference(key: key, type: type, count: count)))
    }

    /// nnU-Net keeps losses and scores as NumPy numbers.
    private func numpyScalar(_ arguments: [PickleValue]) -> PickleValue {
        guard arguments.count == 2, case .numpyType(let name) = arguments[0] else { return .opaque }
        let bytes: [UInt8]
        switch arguments[1] {
        case .bytes(let data): bytes = data.count <= 8 ? [UInt8](data) : []
        case .latin1(let text): bytes = text.unicodeScalars.prefix(9).map { UInt8(truncatingIfNeeded: $0.value) }
        default: return .opaque
        }
        func load<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
            guard bytes.count == MemoryLayout<Number>.size else { return nil }
            return bytes.reversed().reduce(0) { $0 << 8 | Number(truncatingIfNeeded: $1) }
        }
        let value: PickleValue? =
            switch name {
            case "f8": load(UInt64.self).map { .real(Double(bitPattern: $0)) }
            case "f4": load(UInt32.self).map { .real(Double(Float(bitPattern: $0))) }
            case "i8": load(Int64.self).map { .integer(Int($0)) }
            case "i4": load(Int32.self).map { .integer(Int($0)) }
            case "b1": load(UInt8.self).map { .boolean($0 != 0) }
            default: nil
            }
        return value ?? .opaque
    }
}
