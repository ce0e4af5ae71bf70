import TensorCore

/// A run of elements of one type somewhere in the file; tensors are views of it.
package struct StorageReference: Sendable, Hashable {
    /// Its name in the file.
    let key: String
    let type: ElementType
    /// Elements.
    let count: Int

    /// Nil where that is more than can be.
    var byteCount: Int? {
        let (product, overflow) = count.multipliedReportingOverflow(by: type.byteCount)
        return overflow ? nil : product
    }
}
