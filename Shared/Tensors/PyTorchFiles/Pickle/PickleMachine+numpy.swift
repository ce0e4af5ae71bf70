import Foundation

/// NumPy's numbers and small arrays: nnU-Net keeps losses and scores as such, and people their settings.
extension PickleMachine {
    /// Axes, spacings and strides are a few numbers. Of more nothing is of use, and eight bytes would become eighty.
    private static let mostElements = 1024

    func numpyScalar(_ arguments: [PickleValue]) -> PickleValue {
        guard arguments.count == 2 else { return .opaque }
        return numbers(arguments[1], type: arguments[0], count: 1)?.first ?? .opaque
    }

    /// `(bytes, type, shape)`, then the order "C" or none, as `_frombuffer` has them: sequences in as many levels as
    /// there are axes.
    mutating func numpyArray(_ arguments: [PickleValue]) -> PickleValue {
        if arguments.count > 3 { guard case .text("C") = arguments[3] else { return .opaque } }
        guard arguments.count >= 3, let shape = graph.integers(arguments[2]), shape.count <= 8,
            shape.allSatisfy({ (0...Self.mostElements).contains($0) })
        else { return .opaque }
        let count = shape.reduce(1) { min($0 * $1, Self.mostElements + 1) }
        guard count <= Self.mostElements, let values = numbers(arguments[0], type: arguments[1], count: count) else {
            return .opaque
        }
        guard !shape.isEmpty else { return values[0] }
        var level = values
        // An axis without length leaves nothing to nest.
        guard count > 0 else { return sequence([]) }
        for extent in shape.dropFirst().reversed() {
            level = stride(from: 0, to: level.count, by: extent).map { sequence(Array(level[$0..<$0 + extent])) }
        }
        return sequence(level)
    }

    /// So many little-endian numbers; nil for types that are none and bytes that are not as many.
    private func numbers(_ content: PickleValue, type: PickleValue, count: Int) -> [PickleValue]? {
        guard case .numpyType(let name) = type, let size = name.dropFirst().first?.wholeNumberValue, name.count == 2,
            (1...8).contains(size)
        else { return nil }
        let bytes: [UInt8]
        switch content {
        case .bytes(let data): bytes = [UInt8](data.prefix(count * size + 1))
        case .latin1(let text):
            bytes = text.unicodeScalars.prefix(count * size + 1).map { UInt8(truncatingIfNeeded: $0.value) }
        default: return nil
        }
        guard bytes.count == count * size else { return nil }
        var values: [PickleValue] = []
        for first in stride(from: 0, to: bytes.count, by: size) {
            let bits = bytes[first..<first + size].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            guard let value = Self.number(bits, name) else { return nil }
            values.append(value)
        }
        return values
    }

    private static func number(_ bits: UInt64, _ type: String) -> PickleValue? {
        switch type {
        case "f8": .real(Double(bitPattern: bits))
        case "f4": .real(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))))
        case "i8": .integer(Int(bitPattern: UInt(bits)))
        case "i4": .integer(Int(Int32(truncatingIfNeeded: bits)))
        case "i2": .integer(Int(Int16(truncatingIfNeeded: bits)))
        case "i1": .integer(Int(Int8(truncatingIfNeeded: bits)))
        case "u8": Int(exactly: bits).map { .integer($0) }
        case "u4", "u2", "u1": .integer(Int(bits))
        case "b1": .boolean(bits != 0)
        default: nil
        }
    }
}
