import Foundation

/// How exactly a file keeps each number of its tensors, which are float32 in memory.
package enum StoredPrecision: String, CaseIterable, Sendable {
    case float32
    /// IEEE 754 half precision: half the bytes, 11 significant bits, and infinity from 65,520.
    case float16

    var elementType: ElementType {
        switch self {
        case .float32: .float32
        case .float16: .float16
        }
    }

    func append(_ values: UnsafeBufferPointer<Float>, to data: inout Data) {
        switch self {
        case .float32: data.append(Data(buffer: values))
        case .float16:
            let halves = values.map { Self.half($0).littleEndian }
            halves.withUnsafeBytes { data.append(contentsOf: $0) }
        }
    }

    /// The nearest half, ties to even. By its bits: Swift's Float16 is not available on every platform.
    static func half(_ value: Float) -> UInt16 {
        let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
        let magnitude = value.magnitude
        if value.isNaN { return sign | 0x7E00 }
        if magnitude >= 65520 { return sign | 0x7C00 }
        // Below the least normal half, halves lie a fixed step apart, as the float's own rounding does the rest.
        if magnitude < 0x1p-14 { return sign | UInt16((magnitude * 0x1p24).rounded(.toNearestOrEven)) }
        let bits = magnitude.bitPattern
        let kept = bits >> 13
        let rest = bits & 0x1FFF
        let rounded = kept + (rest > 0x1000 || (rest == 0x1000 && kept & 1 == 1) ? 1 : 0)
        return sign | UInt16(rounded - (112 << 10))
    }
}
