import Volumes

/// Voxels as they came: 16 bits where every value is a whole number that fits, floating point otherwise.
enum SliceValues: Sendable {
    case int16([Int16])
    case float([Float])
}
