import TensorCore

/// Differences to the patch's mean times a factor; what leaves the patch's range is clipped to it.
package struct Contrast: PatchOperator, Equatable {
    package let factor: Float

    package init(factor: Float) { self.factor = factor }

    package func apply(to patch: inout LabelledPatch) {
        patch.image.withUnsafeMutableBufferPointer { voxels in
            let summary = IntensitySummary(voxels)
            let (mean, low, high) = (Float(summary.mean), summary.minimum, summary.maximum)
            for index in voxels.indices {
                let value = (voxels[index] - mean) * factor + mean
                voxels[index] = value < low ? low : value > high ? high : value
            }
        }
    }
}
