import Faults
import Foundation
import TensorCore

/// Reads pickles of the protocols 2 to 5 as data: a stack machine whose only operations are to build the values of
/// `PickleValue`. Names outside `PickleGlobal` are refused, so nothing a hostile file asks for can happen.
///
/// Memory stays bounded: texts and bytes are no longer than the file; every opcode makes at most one value, note or
/// mark, and there is a limit to how many, since the one byte that an empty list takes becomes dozens here.
struct PickleMachine {
    private(set) var graph = PickleGraph()
    private(set) var cursor: ByteCursor
    var stack: [PickleValue] = []
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]

    /// State dicts of the largest networks take a few megabytes.
    static let longestPickle = 32 << 20
    /// Of opcodes, and so of values, each of which takes some eighty bytes. A tensor takes about forty opcodes.
    private static let mostValues = 4_000_000
    /// So many are allowed in any file; beyond them one for every ten bytes of it, since a file of weights is mostly
    /// weights.
    private static let fewValues = 250_000
    private let mostValues: Int

    /// - Parameters:
    ///   - position: where the pickle begins; bytes behind its end are left alone.
    ///   - fileByteCount: of the file it is part of; bounds how much it may make.
    init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0, fileByteCount: Int) throws {
        mostValues = min(Self.mostValues, max(Self.fewValues, fileByteCount / 10))
        cursor = try ByteCursor(bytes, at: position, code: .malformedPickle)
    }

    /// Runs to the end mark.
    mutating func run() throws -> PickleGraph {
        guard try cursor.byte() == Opcode.proto.rawValue else {
            throw defect("it does not begin with a protocol number")
        }
        let version = try cursor.byte()
        guard (2...5).contains(version) else { throw defect("protocol \(version), expected 2 to 5") }
        let start = cursor.position
        var made = 0
        while true {
            guard cursor.position - start <= Self.longestPickle else {
                throw defect("it is longer than \(Self.longestPickle) bytes")
            }
            let code = try cursor.byte()
            guard let opcode = Opcode(rawValue: code) else {
                throw defect("opcode \(code) at byte \(cursor.position - 1) is none that protocols 2 to 5 write")
            }
            if opcode == .stop { break }
            made += 1
            guard made <= mostValues else {
                throw defect("it makes more than \(mostValues) values, too many for its file")
            }
            try step(opcode)
        }
        guard marks.isEmpty, stack.count == 1 else {
            throw defect("it ends with \(stack.count) values on its stack, expected one")
        }
        graph.root = stack.removeLast()
        return graph
    }

    func defect(_ text: String) -> PyTorchFileError {
        PyTorchFileError(.malformedPickle, "the pickle is torn or damaged: \(text)")
    }

    private mutating func step(_ opcode: Opcode) throws {
        switch opcode {
        case .none: stack.append(.none)
        case .newTrue: stack.append(.boolean(true))
        case .newFalse: stack.append(.boolean(false))
        case .int1: stack.append(.integer(Int(try cursor.byte())))
        case .int2: stack.append(.integer(Int(try cursor.integer(UInt16.self))))
        case .int4: stack.append(.integer(Int(try cursor.integer(Int32.self))))
        case .long1: try pushLong(Int(try cursor.byte()))
        case .long4: try pushLong(Int(try cursor.integer(Int32.self)))
        case .float8:
            stack.append(
                .real(Double(bitPattern: UInt64(bigEndian: UInt64(littleEndian: try cursor.integer(UInt64.self))))))
        case .text1: try pushText(Int(try cursor.byte()))
        case .text4: try pushText(Int(try cursor.integer(UInt32.self)))
        case .text8: try pushText(try cursor.count64())
        case .bytes1, .string1: try pushBytes(Int(try cursor.byte()))
        case .bytes4: try pushBytes(Int(try cursor.integer(UInt32.self)))
        case .string4: try pushBytes(Int(try cursor.integer(Int32.self)))
        case .bytes8, .byteArray8: try pushBytes(try cursor.count64())
        case .emptyTuple, .emptyList, .emptySet: pushSequence([])
        case .emptyDictionary: pushDictionary()
        case .tuple1: pushSequence(try pop(1))
        case .tuple2: pushSequence(try pop(2))
        case .tuple3: pushSequence(try pop(3))
        case .tuple, .frozenSet: pushSequence(try popToMark())
        case .append: try extend(with: try pop(1))
        case .appends, .addItems: try extend(with: try popToMark())
        case .setItem: try fill(with: try pop(2))
        case .setItems: try fill(with: try popToMark())
        case .mark: marks.append(stack.count)
        case .pop: if marks.last == stack.count { marks.removeLast() } else { _ = try pop(1) }
        case .popMark: _ = try popToMark()
        case .duplicate: stack.append(try top())
        case .put1: memo[Int(try cursor.byte())] = try top()
        case .put4: memo[Int(try cursor.integer(UInt32.self))] = try top()
        case .memoize: memo[memo.count] = try top()
        case .get1: stack.append(try remembered(Int(try cursor.byte())))
        case .get4: stack.append(try remembered(Int(try cursor.integer(UInt32.self))))
        case .global:
            stack.append(.global(try PickleGlobal(module: text(try cursor.line()), name: text(try cursor.line()))))
        case .stackGlobal: try pushGlobal()
        case .reduce, .newObject: try call()
        case .build: try build()
        case .persistentIdentifier: try pushStorage()
        case .frame: _ = try cursor.count64()
        case .proto, .stop: throw defect("a second beginning")
        }
    }

    // MARK: Stack and memo

    private func top() throws -> PickleValue {
        guard stack.count > (marks.last ?? 0), let value = stack.last else {
            throw defect("a value is needed where its stack is empty")
        }
        return value
    }

    /// The upper values, the lowest first; never below a mark.
    mutating func pop(_ count: Int) throws -> [PickleValue] {
        guard stack.count - (marks.last ?? 0) >= count else {
            throw defect("\(count) values are needed where its stack has fewer")
        }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws -> [PickleValue] {
        guard let mark = marks.popLast() else { throw defect("a mark is needed and was not set") }
        defer { stack.removeLast(stack.count - mark) }
        return Array(stack[mark...])
    }

    private func remembered(_ index: Int) throws -> PickleValue {
        guard let value = memo[index] else { throw defect("it refers to value \(index), which it has not noted") }
        return value
    }

    // MARK: Values

    private func text(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes, as: UTF8.self) }

    private mutating func pushText(_ count: Int) throws { stack.append(.text(text(try cursor.take(count)))) }

    private mutating func pushBytes(_ count: Int) throws { stack.append(.bytes(Data(try cursor.take(count)))) }

    /// Little-endian two's complement of any length; seeds of random generators have more than eight bytes, sizes and
    /// indices never.
    private mutating func pushLong(_ count: Int) throws {
        let bytes = try cursor.take(count)
        let sign: UInt8 = bytes.last.map { $0 & 0x80 != 0 } == true ? .max : 0
        let fits = count <= 8 || bytes[8...].allSatisfy { $0 == sign } && (bytes[7] ^ sign) & 0x80 == 0
        guard fits else { return stack.append(.opaque) }
        var value: UInt64 = sign == 0 ? 0 : .max
        for byte in bytes.prefix(8).reversed() { value = value << 8 | UInt64(byte) }
        stack.append(.integer(Int(bitPattern: UInt(value))))
    }

    mutating func pushSequence(_ values: [PickleValue]) { stack.append(sequence(values)) }

    mutating func pushDictionary(_ pairs: [(key: PickleValue, value: PickleValue)] = []) {
        graph.dictionaries.append(pairs)
        stack.append(.dictionary(graph.dictionaries.count - 1))
    }

    mutating func pushTensor(_ tensor: TensorReference) {
        graph.tensors.append(tensor)
        stack.append(.tensor(graph.tensors.count - 1))
    }

    mutating func pushArray(_ numbers: PickleValue = .opaque) {
        graph.arrays.append(numbers)
        stack.append(.array(graph.arrays.count - 1))
    }

    mutating func setArray(_ index: Int, _ numbers: PickleValue) { graph.arrays[index] = numbers }

    mutating func sequence(_ values: [PickleValue]) -> PickleValue {
        graph.sequences.append(values)
        return .sequence(graph.sequences.count - 1)
    }

    func items(_ value: PickleValue) throws -> [PickleValue] {
        guard case .sequence(let index) = value else {
            throw defect("a tuple or list is needed where it has something else")
        }
        return graph.sequences[index]
    }

    private mutating func extend(with values: [PickleValue]) throws {
        switch try top() {
        case .sequence(let index): graph.sequences[index].append(contentsOf: values)
        case .opaque: break
        default: throw defect("values are added to something that is no list")
        }
    }

    private mutating func fill(with values: [PickleValue]) throws {
        guard case .dictionary(let index) = try top(), values.count % 2 == 0 else {
            throw defect("keys and values are set in something that is no dictionary, or without pairs")
        }
        for position in stride(from: 0, to: values.count, by: 2) {
            graph.dictionaries[index].append((key: values[position], value: values[position + 1]))
        }
    }

    private mutating func pushGlobal() throws {
        let names = try pop(2)
        guard case .text(let module) = names[0], case .text(let name) = names[1] else {
            throw defect("a name that is no text")
        }
        stack.append(.global(try PickleGlobal(module: module, name: name)))
    }
}
