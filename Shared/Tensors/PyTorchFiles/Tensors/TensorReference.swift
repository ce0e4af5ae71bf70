import Faults

/// A tensor as a view of a storage, as PyTorch has it: any order of axes, any step. Equal ones are the same tensor
/// under two names.
package struct TensorReference: Sendable, Hashable {
    let storage: StorageReference
    /// Elements before the first.
    let offset: Int
    package let shape: [Int]
    /// Elements from one index of an axis to the next.
    let strides: [Int]
    /// Elements of the view.
    let count: Int

    /// More axes than any layer has.
    private static let mostAxes = 16

    /// - Throws: `malformedTensor` if the view does not lie in its storage, or has more elements than it.
    init(storage: StorageReference, offset: Int, shape: [Int], strides: [Int]) throws {
        func defect(_ text: String) -> PyTorchFileError {
            PyTorchFileError(
                .malformedTensor,
                "a tensor of shape \(shape.prefix(Self.mostAxes)) and strides \(strides.prefix(Self.mostAxes)): \(text)"
            )
        }
        guard shape.count == strides.count, shape.count <= Self.mostAxes else {
            throw defect(
                "\(shape.count) extents and \(strides.count) strides, at most \(Self.mostAxes) of each are expected")
        }
        guard offset >= 0, shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }) else {
            throw defect("offset \(offset), shape and strides must not be negative")
        }
        var (count, last, isTooLarge) = (1, offset, false)
        for (extent, stride) in zip(shape, strides) {
            let elements = count.multipliedReportingOverflow(by: extent)
            let step = max(extent - 1, 0).multipliedReportingOverflow(by: stride)
            let end = last.addingReportingOverflow(step.partialValue)
            isTooLarge = isTooLarge || elements.overflow || step.overflow || end.overflow
            (count, last) = (elements.partialValue, end.partialValue)
        }
        // A stride of 0 would make any number of elements out of one.
        guard !isTooLarge, count == 0 || last < storage.count, count <= storage.count else {
            throw defect("from element \(offset) on it does not lie in its storage of \(storage.count)")
        }
        self.storage = storage
        self.offset = offset
        self.shape = shape
        self.strides = strides
        self.count = count
    }

    /// The strides of a dense tensor whose last axis is the fastest.
    static func denseStrides(_ shape: [Int]) -> [Int] {
        var step = 1
        return shape.reversed().map { extent in
            defer { step *= max(extent, 1) }
            return step
        }.reversed()
    }
}
