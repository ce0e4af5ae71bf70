import Foundation

extension Augmentation {
    /// (D, H, W) of what must be cut from a case so that a rotated `patch` finds voxels everywhere (nearly: what scaling
    /// adds beyond, and the corners of two rotations, are zeros and background). The patch itself where nothing moves.
    ///
    /// nnU-Net's rule: per axis the largest |p · R| of the largest rotation about any one axis, over 0.85, whatever the
    /// scaling is.
    package func sourcePatch(for patch: [Int]) -> [Int] {
        let isOfThickSlices = Self.isOfThickSlices(patch)
        let rotation = isOfThickSlices ? rotationInPlane : rotation
        guard rotation.probability > 0 || scaling.probability > 0 || elastic.probability > 0 else { return patch }
        let degrees =
            rotation.probability > 0 ? min(90, max(abs(rotation.range.lowerBound), abs(rotation.range.upperBound))) : 0
        let (cosine, sine) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
        let edges = patch.map(Double.init)
        // p as a row: about axis 0 (p1, p2) becomes (p1 cos + p2 sin, p2 cos − p1 sin), and so on, by nnU-Net's signs.
        var largest = edges
        for (one, other) in [(1, 2), (2, 0), (0, 1)] {
            largest[one] = max(largest[one], abs(edges[one] * cosine + edges[other] * sine))
            largest[other] = max(largest[other], abs(edges[other] * cosine - edges[one] * sine))
        }
        let source = largest.map { Int($0 / 0.85) }
        return isOfThickSlices ? [patch[0]] + source.dropFirst() : source
    }

    /// What the sample `index` really needs: the patch itself where nothing was drawn that moves voxels, as for most.
    ///
    /// Cut ⌊s/2⌋ − ⌊p/2⌋ voxels after the origin of the source patch s it gives the same bytes, and spares the rest.
    package func sourcePatch(for patch: [Int], seed: UInt64, index: Int) -> [Int] {
        // The axis that is mirrored decides no draw.
        let moving = operators(for: patch, leftRightAxis: 0, seed: seed, index: index).contains {
            ($0 as? SpatialTransform).map { $0.matrix != nil || $0.field != nil } ?? false
        }
        return moving ? sourcePatch(for: patch) : patch
    }
}
