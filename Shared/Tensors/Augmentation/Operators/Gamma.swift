import TensorCore

/// A power of the intensities within their range, and then mean and deviation as before.
package struct Gamma: PatchOperator, Equatable {
    package let exponent: Float
    /// On the negative of the image.
    package let inverts: Bool

    package init(exponent: Float, inverts: Bool) {
        self.exponent = exponent
        self.inverts = inverts
    }

    package func apply(to patch: inout LabelledPatch) {}
}
