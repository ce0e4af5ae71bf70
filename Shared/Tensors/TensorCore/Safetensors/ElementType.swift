/// The element types read from files of tensors, by their names in safetensors. All are little endian.
package enum ElementType: String, CaseIterable, Sendable {
    case float32 = "F32"
    case float64 = "F64"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case bool = "BOOL"
    case uint8 = "U8"
    case int8 = "I8"
    case int16 = "I16"
    case int32 = "I32"
    case int64 = "I64"

    package var byteCount: Int {
        switch self {
        case .bool, .uint8, .int8: 1
        case .float16, .bfloat16, .int16: 2
        case .float32, .int32: 4
        case .float64, .int64: 8
        }
    }

    /// Fills `target`, element by element, with every `step`-th element from the start of `source`, which may have any
    /// alignment. The caller has made sure that `source` has that many.
    package func convert(_ source: UnsafeRawBufferPointer, step: Int = 1, to target: UnsafeMutableBufferPointer<Float>)
    {
        func each<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type, _ value: (T) -> Float) {
            for index in target.indices {
                let bits = source.loadUnaligned(fromByteOffset: index * step * MemoryLayout<T>.size, as: T.self)
                target[index] = value(T(littleEndian: bits))
            }
        }
        switch self {
        case .float32: each(UInt32.self) { Float(bitPattern: $0) }
        case .bfloat16: each(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
        case .float16: each(UInt16.self, Self.float)
        case .float64: each(UInt64.self) { Float(Double(bitPattern: $0)) }
        case .bool: each(UInt8.self) { $0 == 0 ? 0 : 1 }
        case .uint8: each(UInt8.self) { Float($0) }
        case .int8: each(Int8.self) { Float($0) }
        case .int16: each(Int16.self) { Float($0) }
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
