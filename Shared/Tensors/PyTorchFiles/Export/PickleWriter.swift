import Foundation
import TensorCore

/// Writes a pickle of protocol 2 with the globals that `torch.load(weights_only=True)` allows. Nothing is noted for
/// reuse: the reader needs no memo, and equal content gives equal bytes.
struct PickleWriter {
    private(set) var data = Data([Opcode.proto.rawValue, 2])
    private let storages: [Tensor]

    init(storages: [Tensor]) {
        self.storages = storages
    }

    mutating func write(_ item: PickleItem) -> Data {
        add(item)
        put(.stop)
        return data
    }

    private mutating func add(_ item: PickleItem) {
        switch item {
        case .none: put(.none)
        case .boolean(let value): put(value ? .newTrue : .newFalse)
        case .integer(let value): add(value)
        case .real(let value):
            put(.float8)
            append(value.bitPattern.bigEndian)
        case .text(let value): add(value)
        case .list(let items):
            put(.emptyList)
            put(.mark)
            for item in items { add(item) }
            put(.appends)
        case .tuple(let items):
            put(.mark)
            for item in items { add(item) }
            put(.tuple)
        case .dictionary(let items):
            put(.emptyDictionary)
            put(.mark)
            for (key, value) in items {
                add(key)
                add(value)
            }
            put(.setItems)
        case .tensors(let names):
            addOrderedDictionary()
            put(.mark)
            for (name, storage) in names {
                add(name)
                addTensor(storage)
            }
            put(.setItems)
        }
    }

    private mutating func addOrderedDictionary() {
        addGlobal("collections", "OrderedDict")
        put(.emptyTuple)
        put(.reduce)
    }

    /// `_rebuild_tensor_v2(storage, 0, shape, strides, False, OrderedDict())`.
    private mutating func addTensor(_ storage: Int) {
        let shape = storages[storage].shape
        addGlobal("torch._utils", "_rebuild_tensor_v2")
        put(.mark)
        put(.mark)
        add("storage")
        addGlobal("torch", "FloatStorage")
        add(String(storage))
        add("cpu")
        add(storages[storage].count)
        put(.tuple)
        put(.persistentIdentifier)
        add(0)
        add(.tuple(shape.map(PickleItem.integer)))
        add(.tuple(TensorReference.denseStrides(shape).map(PickleItem.integer)))
        put(.newFalse)
        addOrderedDictionary()
        put(.tuple)
        put(.reduce)
    }

    private mutating func addGlobal(_ module: String, _ name: String) {
        put(.global)
        data.append(contentsOf: "\(module)\n\(name)\n".utf8)
    }

    private mutating func add(_ value: Int) {
        if let small = Int32(exactly: value) {
            put(.int4)
            append(small.littleEndian)
        } else {
            put(.long1)
            data.append(8)
            append(Int64(value).littleEndian)
        }
    }

    private mutating func add(_ text: String) {
        put(.text4)
        append(UInt32(text.utf8.count).littleEndian)
        data.append(contentsOf: text.utf8)
    }

    private mutating func put(_ opcode: Opcode) { data.append(opcode.rawValue) }

    private mutating func append<Number: FixedWidthInteger>(_ value: Number) {
        withUnsafeBytes(of: value) { data.append(contentsOf: $0) }
    }
}
