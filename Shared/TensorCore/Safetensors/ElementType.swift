/// The element types read from safetensors files, by their names there. All are little endian.
enum ElementType: String, CaseIterable, Sendable {
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case uint8 = "U8"
    case int32 = "I32"
    case int64 = "I64"

    var byteCount: Int {
        switch self {
        case .uint8: 1
        case .float16, .bfloat16: 2
        case .float32, .int32: 4
        case .int64: 8
        }
    }

    /// Element by element; `source` may have any alignment.
    func convert(_ source: UnsafeRawBufferPointer, to target: UnsafeMutableBufferPointer<Float>) {
        func each<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type, _ value: (T) -> Float) {
            for index in target.indices {
                let bits = source.loadUnaligned(fromByteOffset: index * MemoryLayout<T>.size, as: T.self)
                target[index] = value(T(littleEndian: bits))
            }
        }
        switch self {
        case .float32: each(UInt32.self) { Float(bitPattern: $0) }
        case .bfloat16: each(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
        case .float16: each(UInt16.self, Self.float)
        case .uint8: each(UInt8.self) { Float($0) }
        case .int32: each(Int32.self) { Float($0) }
        case .int64: each(Int64.self) { Float($0) }
        }
    }

    /// IEEE 754 half precision by its bits: Swift's Float16 is not available on every platform.
    private static func float(half bits: UInt16) -> Float {
        let sign: Float = bits >> 15 == 0 ? 1 : -1
        let exponent = Int(bits >> 10 & 31)
        let fraction = Float(bits & 1023)
        switch exponent {
        case 0: return sign * fraction * 0x1p-24
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default: return sign * (1024 + fraction) * Float(sign: .plus, exponent: exponent - 25, significand: 1)
        }
    }
}
