import Faults
package import Plans
package import TensorCore
package import Threads
package import Volumes

/// Brings logits on the network's grid back to labels on the original grid, as MONAI Label inverts its transforms: the
/// logits are interpolated (trilinear, the border voxel outside), then the highest class wins, the lowest of equals.
///
/// Never holds a channel at original size: each plane of the original grid keeps the highest logit so far and its class
/// while the channels pass. Where the grids differ by scale, permutation and flips only (everything but sheared
/// affines), the axes are interpolated one after the other:
/// ```
///  network plane pair ──lerp along D──> one plane (H × W) ──lerp along H──> one row (W) ──lerp along W──> compare
/// ```
package struct GridInversion: Sendable {
    package let network: Geometry
    package let original: Geometry
    /// From a voxel of the original grid to (fractional) voxels of the network's grid.
    private let map: Affine
    private let separable: SeparableInversion?

    /// - Parameter plan: whose rules of resampling hold; MONAI's without.
    /// - Throws: `SegmentationError.unusableVolume` if the original grid doesn't lie within the network's (give or take
    ///   a voxel).
    package init(network: Geometry, original: Geometry, plan: Plan? = nil) throws {
        guard network.affine.isInvertible, original.affine.isInvertible else {
            throw SegmentationError(.unusableVolume, "the affine of the network's or the original grid has no inverse")
        }
        self.network = network
        self.original = original
        let map = network.affine.inverse * original.affine
        self.map = map
        let rule = plan.flatMap { plan in
            plan.resampling != .nnUNet
                ? nil
                : NNUNetInversion(
                    networkSpacing: plan.spacingInMillimetres, originalSpacing: original.spacingInMillimetres)
        }
        separable = SeparableInversion(network: network.size, original: original.size, map: map, rule: rule)
        for corner in 0..<8 {
            let index = SIMD3<Double>((0..<3).map { corner >> $0 & 1 == 0 ? 0 : Double(original.size[$0] - 1) })
            let position = map.applied(to: index)
            for axis in 0..<3 where position[axis] < -1.5 || position[axis] > Double(network.size[axis]) + 0.5 {
                throw SegmentationError(
                    .unusableVolume,
                    "the original grid (\(original)) reaches beyond the network-ready volume (\(network))")
            }
        }
    }

    /// Whether slabs can be inverted as they come; sheared grids need all logits at once.
    package var takesSlabs: Bool { separable != nil }

    /// Writes the labels of all planes of the original grid that lie between planes of this slab. Slabs must come in
    /// order.
    /// - Precondition: `takesSlabs`, and `labels` has the original geometry.
    package func add(_ slab: LogitSlab, to labels: inout Volume<UInt8>, pool: ComputePool = .shared) {
        guard let separable else { preconditionFailure("a sheared grid takes no slabs") }
        precondition(labels.geometry == original, "labels must be on the original grid")
        labels.voxels.withUnsafeMutableBufferPointer { labels in
            separable.run(slab, SharedPointer(labels), pool: pool)
        }
    }

    /// - Parameter logits: (1, K, D, H, W) on the network's grid.
    /// - Returns: labels on exactly the original geometry.
    package func labels(_ logits: Tensor, pool: ComputePool = .shared) -> Volume<UInt8> {
        precondition(
            logits.shape.count == 5 && logits.shape[0] == 1 && Array(logits.shape[2...]) == network.size,
            "logits of shape \(logits.shape) are not on a grid of \(network.size)")
        var labels = Volume<UInt8>(geometry: original, repeating: 0)
        if takesSlabs {
            add(LogitSlab(logits: logits, first: 0, fresh: 0..<network.size[0]), to: &labels, pool: pool)
            return labels
        }
        let general = GeneralInversion(network: network.size, original: original.size, map: map)
        logits.withUnsafeBufferPointer { values in
            labels.voxels.withUnsafeMutableBufferPointer { labels in
                general.run(SharedPointer(reading: values), classes: logits.shape[1], SharedPointer(labels), pool: pool)
            }
        }
        return labels
    }
}
