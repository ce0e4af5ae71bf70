import TensorCore

/// A power of the intensities within their range, and then mean and deviation as before.
package struct Gamma: PatchOperator, Equatable {
    package let exponent: Float
    /// On the negative of the image: bright voxels are spread then, not dark ones.
    package let inverts: Bool

    package init(exponent: Float, inverts: Bool) {
        self.exponent = exponent
        self.inverts = inverts
    }

    package func apply(to patch: inout LabelledPatch) {
        patch.image.withUnsafeMutableBufferPointer { voxels in
            guard let base = voxels.baseAddress else { return }
            let before = IntensitySummary(voxels)
            let origin = inverts ? before.maximum : before.minimum
            let span = max(before.maximum - before.minimum, Self.smallest)
            let scale = (inverts ? -1 : 1) / span
            for index in voxels.indices { base[index] = min(max((base[index] - origin) * scale, 0), 1) }
            powers(base, base, exponent: exponent, count: voxels.count)
            // In units of the span, which the new deviation then takes away again.
            let after = IntensitySummary(voxels)
            let factor = Float(before.deviation / max(after.deviation * Double(span), Double(Self.smallest)))
            let stretch = (inverts ? -factor : factor) * span
            let (middle, mean) = (Float(after.mean), Float(before.mean))
            for index in voxels.indices { base[index] = (base[index] - middle) * stretch + mean }
        }
    }

    /// What ranges and deviations are at least, so that a patch of one value stays as it is.
    private static let smallest: Float = 1e-7
}
