package import Volumes

/// Makes volumes network-ready: canonical orientation, the plan's spacing, the plan's intensities, in this order.
package struct Preprocessor: Sendable {
    package let plan: Plan

    /// - Throws: `PlanError.invalidPlan`.
    package init(_ plan: Plan) throws {
        try plan.validate()
        self.plan = plan
    }

    /// The grid that a volume on this grid will have when it is network-ready.
    /// - Throws: `VolumeError` if the grid can't be resampled.
    package func networkGeometry(of original: Geometry) throws -> Geometry {
        try original.reoriented(to: .ras).withSpacing(inMillimetres: plan.spacingInMillimetres)
    }

    /// An image in Hounsfield units on any grid, as the network sees it. Keeps its place in the world.
    /// - Throws: `PlanError.voxelNotFinite`, `VolumeError` if the grid can't be resampled.
    package func networkReady(image: Volume<Float>) throws -> Volume<Float> {
        try demandFinite(image)
        let resampled = try image.reoriented(to: .ras)
            .resampled(toSpacingInMillimetres: plan.spacingInMillimetres, interpolation: plan.interpolation)
        return Volume(geometry: resampled.geometry, voxels: plan.intensities.applied(to: resampled))
    }

    /// Labels that lie on the image's original grid (in any orientation), on the network-ready image's grid.
    /// - Parameter image: the geometry of the network-ready image.
    /// - Throws: `PlanError.labelGridMismatch` if the labels don't come out on that grid, `VolumeError` if it can't be resampled.
    package func networkReady(label: Volume<UInt8>, like image: Geometry) throws -> Volume<UInt8> {
        let resampled = try label.reoriented(to: .ras)
            .resampled(toSpacingInMillimetres: plan.spacingInMillimetres, interpolation: .nearest)
        guard resampled.geometry.isSameGrid(as: image, toleranceInMillimetres: 0.1) else {
            throw PlanError(
                .labelGridMismatch,
                "labels do not lie on the image's grid: at the plan's spacing they have \(resampled.geometry), the image has \(image)")
        }
        return Volume(geometry: image, voxels: resampled.voxels)
    }

    private func demandFinite(_ image: Volume<Float>) throws {
        // Any NaN or infinity makes the sum of (v − v) NaN, and the loop has no branch.
        let isFinite = image.voxels.withUnsafeBufferPointer { voxels in
            var sum: Float = 0
            for voxel in voxels { sum += voxel - voxel }
            return sum == 0
        }
        guard isFinite else {
            let count = image.voxels.count { !$0.isFinite }
            throw PlanError(.voxelNotFinite, "image has \(count) voxels that are NaN or infinite, expected Hounsfield units everywhere")
        }
    }
}
