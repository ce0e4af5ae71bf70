import TensorCore

/// All intensities times a factor.
package struct Brightness: PatchOperator, Equatable {
    package let factor: Float

    package init(factor: Float) { self.factor = factor }

    package func apply(to patch: inout LabelledPatch) {
        patch.image.withUnsafeMutableBufferPointer { voxels in
            for index in voxels.indices { voxels[index] *= factor }
        }
    }
}
