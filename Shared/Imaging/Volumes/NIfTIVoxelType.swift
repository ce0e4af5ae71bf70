/// The real number types of the NIfTI standard, with its codes. Complex, RGB, binary and 128-bit types are not here.
package enum NIfTIVoxelType: Int, Sendable, CaseIterable {
    case uint8 = 2
    case int16 = 4
    case int32 = 8
    case float32 = 16
    case float64 = 64
    case int8 = 256
    case uint16 = 512
    case uint32 = 768
    case int64 = 1024
    case uint64 = 1280

    package var byteCount: Int {
        switch self {
        case .uint8, .int8: 1
        case .int16, .uint16: 2
        case .int32, .uint32, .float32: 4
        case .int64, .uint64, .float64: 8
        }
    }

    /// What the standard calls the codes that are refused, for the error message.
    static func nameOfRefused(_ code: Int) -> String {
        switch code {
        case 1: "binary (1 bit)"
        case 32, 1792, 2048: "complex numbers"
        case 128: "RGB colours"
        case 2304: "RGBA colours"
        case 1536: "128-bit floating point"
        default: "unknown"
        }
    }
}
