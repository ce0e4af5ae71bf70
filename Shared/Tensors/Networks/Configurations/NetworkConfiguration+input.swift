import Faults
import TensorCore

extension NetworkConfiguration {
    /// 512³.
    private static let mostVoxels = 134_217_728.0

    /// Throws `shapeMismatch` unless the network takes an input of this shape: `(N, inputChannels, D, H, W)`, nothing
    /// empty, every axis a multiple of its divisor.
    package func requireInput(shape: [Int]) throws {
        let (channels, divisors) = (inputChannels, spatialDivisors)
        let multiples =
            Set(divisors).count == 1 ? "\(divisors[0])" : "\(divisors[0]), \(divisors[1]) and \(divisors[2])"
        guard shape.count == 5, shape[1] == channels, shape.allSatisfy({ $0 > 0 }),
            zip(shape.dropFirst(2), divisors).allSatisfy({ $0 % $1 == 0 })
        else {
            throw TensorError(
                .shapeMismatch,
                "the input must have the shape (N, \(channels), D, H, W) with D, H and W multiples of \(multiples), got \(shape)"
            )
        }
        // Far beyond what any machine holds; counted in Double because the numbers may be anything.
        let voxels = shape.enumerated().reduce(1.0) { $1.offset == 1 ? $0 : $0 * Double($1.element) }
        guard voxels <= Self.mostVoxels else {
            throw TensorError(
                .shapeMismatch,
                "the input has \(shape) values, at most \(Int(Self.mostVoxels)) voxels can be computed at once; take a smaller patch"
            )
        }
        // PyTorch refuses it too: a norm over one value gives its bias, whatever the value.
        guard !description.normalizesChannels || shape.dropFirst(2).map({ $0 }) != divisors else {
            throw TensorError(
                .shapeMismatch,
                "the input's lowest level would be a single voxel, which instance norm cannot normalise; take more than \(divisors) voxels"
            )
        }
    }
}
