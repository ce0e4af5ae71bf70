package import TensorCore
package import Volumes

/// The one place where volumes and tensors meet.
///
/// A volume's voxel (i, j, k) lies at `i + ni·(j + nj·k)`, i fastest, as in NIfTI. A tensor is (N, C, D, H, W), W
/// fastest, with D = i, H = j, W = k, as MONAI loads NIfTI files. So moving between the two transposes memory:
/// ```
///  volume  i→ fastest          tensor  k→ fastest
///          j                           j
///          k slowest                   i slowest
/// ```
package enum TensorVolume {
    /// The part of an image that starts at `origin` and has `size` voxels, as a tensor (1, 1, D, H, W). Where the part
    /// reaches beyond the image, `padding` says what stands there.
    package static func tensor(
        _ volume: Volume<Float>, origin: [Int] = [0, 0, 0], size: [Int]? = nil, padding: WindowPlan.Padding = .replicate
    ) -> Tensor {
        let size = size ?? volume.geometry.size
        return Tensor(
            values(volume, origin: origin, size: size, outside: 0, replicates: padding == .replicate),
            shape: [1, 1] + size)
    }

    /// The same part of a label map, in the tensor's order (k fastest); background outside.
    package static func labels(_ volume: Volume<UInt8>, origin: [Int] = [0, 0, 0], size: [Int]? = nil) -> [UInt8] {
        values(volume, origin: origin, size: size ?? volume.geometry.size, outside: 0, replicates: false)
    }

    /// A label map from labels in the tensor's order.
    /// - Precondition: as many labels as the geometry has voxels.
    package static func volume(labels: [UInt8], geometry: Geometry) -> Volume<UInt8> {
        Volume(geometry: geometry, voxels: transposed(labels, size: geometry.size))
    }

    /// An image from a tensor (1, 1, D, H, W) of the geometry's size.
    package static func volume(_ tensor: Tensor, geometry: Geometry) -> Volume<Float> {
        Volume(geometry: geometry, voxels: transposed(tensor.values, size: geometry.size))
    }

    private static func transposed<Value>(_ values: [Value], size: [Int]) -> [Value] {
        precondition(values.count == size.reduce(1, *), "\(values.count) values don't fill \(size) voxels")
        return values.withUnsafeBufferPointer { source in
            [Value](unsafeUninitializedCapacity: source.count) { target, count in
                var next = 0
                for k in 0..<size[2] {
                    for j in 0..<size[1] {
                        var from = j * size[2] + k
                        for _ in 0..<size[0] {
                            target.initializeElement(at: next, to: source[from])
                            next += 1
                            from += size[1] * size[2]
                        }
                    }
                }
                count = next
            }
        }
    }

    private static func values<Value: Sendable>(
        _ volume: Volume<Value>, origin: [Int], size: [Int], outside: Value, replicates: Bool
    ) -> [Value] {
        let extent = volume.geometry.size
        let strides = [1, extent[0], extent[0] * extent[1]]
        // Per axis: where index n of the part lies in the volume's memory, −1 outside.
        let offsets = (0..<3).map { axis in
            (0..<size[axis]).map { index -> Int in
                let position = index + origin[axis]
                if (0..<extent[axis]).contains(position) { return position * strides[axis] }
                return replicates ? min(max(position, 0), extent[axis] - 1) * strides[axis] : -1
            }
        }
        return volume.voxels.withUnsafeBufferPointer { source in
            [Value](unsafeUninitializedCapacity: size.reduce(1, *)) { target, count in
                var next = 0
                for i in offsets[0] {
                    for j in offsets[1] {
                        for k in offsets[2] {
                            target.initializeElement(at: next, to: min(i, j, k) < 0 ? outside : source[i + j + k])
                            next += 1
                        }
                    }
                }
                count = next
            }
        }
    }
}
