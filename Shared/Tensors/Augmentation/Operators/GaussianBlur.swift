import Foundation
import TensorCore

/// A separable Gaussian blur.
package struct GaussianBlur: PatchOperator, Equatable {
    /// σ along D, H, W in voxels.
    package let deviations: [Double]

    package init(deviations: [Double]) { self.deviations = deviations }

    package func apply(to patch: inout LabelledPatch) {}
}
