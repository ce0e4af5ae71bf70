import Volumes

/// Voxels as they came: 16 bits where every value is a whole number that fits, floating point otherwise.
enum SliceValues: Sendable {
    case int16([Int16])
    case float([Float])

    var floats: [Float] {
        switch self {
        case .int16(let values): values.map(Float.init)
        case .float(let values): values
        }
    }
}
