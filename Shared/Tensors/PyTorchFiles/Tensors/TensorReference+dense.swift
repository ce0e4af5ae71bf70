import Faults
import Foundation
import TensorCore

extension TensorReference {
    /// The view's values as a tensor of its own. `bytes` are the whole storage.
    func dense(in bytes: Data) throws -> Tensor {
        guard bytes.count == storage.byteCount else {
            throw PyTorchFileError(
                .malformedTensor, "its storage of \(storage.count) elements has \(bytes.count) bytes")
        }
        var tensor = Tensor(uninitialized: shape)
        guard count > 0 else { return tensor }
        bytes.withUnsafeBytes { source in
            tensor.withUnsafeMutableBufferPointer { target in
                if strides == Self.denseStrides(shape) || shape.isEmpty {
                    convert(source, from: offset, step: 1, to: target)
                } else {
                    gather(source, into: target)
                }
            }
        }
        return tensor
    }

    /// Row by row along the last axis; the constructor has made sure that every index lies in the storage.
    private func gather(_ source: UnsafeRawBufferPointer, into target: UnsafeMutableBufferPointer<Float>) {
        let (length, step) = (shape[shape.count - 1], strides[shape.count - 1])
        var index = [Int](repeating: 0, count: shape.count - 1)
        for row in 0..<count / length {
            let start = zip(index, strides).reduce(offset) { $0 + $1.0 * $1.1 }
            convert(
                source, from: start, step: step,
                to: UnsafeMutableBufferPointer(rebasing: target[row * length..<(row + 1) * length]))
            for axis in index.indices.reversed() {
                index[axis] += 1
                if index[axis] < shape[axis] { break }
                index[axis] = 0
            }
        }
    }

    private func convert(
        _ source: UnsafeRawBufferPointer, from element: Int, step: Int, to target: UnsafeMutableBufferPointer<Float>
    ) {
        storage.type.convert(
            UnsafeRawBufferPointer(rebasing: source[(element * storage.type.byteCount)...]), step: step, to: target)
    }
}
