import Faults
package import Volumes

/// Makes volumes network-ready: the plan's orientation, spacing and intensities, in this order (intensities before
/// spacing where `Plan.mapsIntensitiesFirst`). The one place where axes are permuted: from here on (i, j, k) is
/// the network's (D, H, W).
package struct Preprocessor: Sendable {
    package let plan: Plan
    private let orientation: Orientation

    /// - Throws: `PlanError.invalidPlan`.
    package init(_ plan: Plan) throws {
        try plan.validate()
        self.plan = plan
        orientation = Orientation(plan.orientation) ?? .ras
    }

    /// The grid that a volume on this grid will have when it is network-ready: by nnU-Net's rules a part of it where
    /// the volume has borders of zeros.
    /// - Throws: `VolumeError` if the grid can't be resampled.
    package func networkGeometry(of original: Geometry) throws -> Geometry {
        let turned = original.reoriented(to: orientation)
        return plan.keepsSpacing
            ? turned : try turned.withSpacing(inMillimetres: plan.spacingInMillimetres, convention: plan.resampling)
    }

    /// The part of the original grid that the network-ready volume was made of: all of it where nothing was cropped,
    /// nil where it was made of none.
    package func part(of original: Geometry, in networkReady: Geometry) -> VoxelBox? {
        plan.resampling == .nnUNet ? original.box(filledBy: networkReady) : original.wholeBox
    }

    /// An image in Hounsfield units on any grid, as the network sees it. Keeps its place in the world.
    /// - Throws: `PlanError.voxelNotFinite`, `VolumeError` if the grid can't be resampled.
    package func networkReady(image: Volume<Float>) throws -> Volume<Float> {
        try Self.demandFinite(image)
        let turned = image.reoriented(to: orientation)
        if plan.resampling == .totalSegmentator { return try mapped(cropped(wholeUnits(resampled(turned)))) }
        guard plan.mapsIntensitiesFirst else { return mapped(try resampled(cropped(turned))) }
        return try resampled(mapped(cropped(turned)))
    }

    /// TotalSegmentator gives nnU-Net images of whole numbers, cut and not rounded.
    private func wholeUnits(_ image: Volume<Float>) -> Volume<Float> {
        Volume(geometry: image.geometry, voxels: image.voxels.map { $0.rounded(.towardZero) })
    }

    /// The place of a network-ready volume in the grid that all of a volume on `original` fills; nil where it was made
    /// of another.
    /// - Throws: as `networkGeometry`.
    package func place(of networkReady: Geometry, from original: Geometry) throws -> (whole: Geometry, box: VoxelBox)? {
        let whole = try networkGeometry(of: original)
        return whole.box(ofSameVoxels: networkReady).map { (whole, $0) }
    }

    /// Labels that lie on the image's original grid (in any orientation), on the network-ready image's grid.
    /// - Parameter image: the geometry of the network-ready image.
    /// - Throws: `PlanError.labelGridMismatch` if the labels don't come out on that grid, `VolumeError` if it can't be
    ///   resampled.
    package func networkReady(label: Volume<UInt8>, like image: Geometry) throws -> Volume<UInt8> {
        let turned = label.reoriented(to: orientation)
        if plan.resampling == .totalSegmentator { return try nearest(turned, in: image) }
        guard let box = part(of: turned.geometry, in: image) else {
            throw PlanError(
                .labelGridMismatch,
                "labels do not lie on the image's grid: the image has \(image), which is no part of the labels' \(label.geometry)"
            )
        }
        let part = turned.cropped(to: box)
        let resampled =
            plan.keepsSpacing
            ? part
            : try part.resampled(
                toSpacingInMillimetres: plan.spacingInMillimetres,
                interpolation: plan.resampling == .nnUNet ? .linear : .nearest,
                convention: plan.resampling)
        guard resampled.geometry.isSameGrid(as: image, toleranceInMillimetres: 0.1) else {
            throw PlanError(
                .labelGridMismatch,
                "labels do not lie on the image's grid: at the plan's spacing they have \(resampled.geometry), the image has \(image)"
            )
        }
        return Volume(geometry: image, voxels: resampled.voxels)
    }

    /// Labels on the grid of a volume that was cropped after resampling.
    private func nearest(_ label: Volume<UInt8>, in image: Geometry) throws -> Volume<UInt8> {
        let whole = try label.resampled(
            toSpacingInMillimetres: plan.spacingInMillimetres, convention: plan.resampling)
        guard let box = whole.geometry.box(ofSameVoxels: image) else {
            throw PlanError(
                .labelGridMismatch,
                "labels do not lie on the image's grid: at the plan's spacing they have \(whole.geometry), the image has \(image)"
            )
        }
        return Volume(geometry: image, voxels: whole.cropped(to: box).voxels)
    }

    /// A case that models are to learn from: image and labels as the network sees them, cropped where the plan says so.
    /// - Parameters:
    ///   - label: on the image's original grid (in any orientation).
    ///   - source: what the crop is drawn around.
    /// - Throws: as the methods for one of the two do; `PlanError.emptyForeground` where there is nothing to crop to.
    package func trainingReady(
        image: Volume<Float>, label: Volume<UInt8>, cropTo source: TrainingCrop.Source = .image
    ) throws -> (image: Volume<Float>, label: Volume<UInt8>) {
        guard plan.trainingCrop == .foreground else {
            let image = try networkReady(image: image)
            return (image, try networkReady(label: label, like: image.geometry))
        }
        try Self.demandFinite(image)
        var image = try resampled(cropped(image.reoriented(to: orientation)))
        let label = try networkReady(label: label, like: image.geometry)
        Intensities.standardiseNonZero(&image.voxels)
        let box =
            switch source {
            case .image: TrainingCrop.box(around: image, multipleOf: plan.patch)
            case .label: TrainingCrop.box(around: label, multipleOf: plan.patch)
            }
        guard let box else {
            throw PlanError(
                .emptyForeground,
                source == .image
                    ? "no voxel of the image is above its mean: there is no foreground to crop to"
                    : "no voxel has a label: there is no foreground to crop to")
        }
        image = image.cropped(to: box, outside: 0)
        image.voxels = Intensities.smoothedToUnitRange(image.voxels, size: image.geometry.size)
        return (image, label.cropped(to: box, outside: 0))
    }

    /// nnU-Net's `crop_to_nonzero`, which is run at all times, before intensities and resampling: windows begin at the
    /// box, and so does the rounding of sizes; TotalSegmentator resamples before. Filling holes, as nnU-Net does first, never makes the box larger.
    private func cropped(_ image: Volume<Float>) -> Volume<Float> {
        plan.resampling == .monai ? image : image.cropped(to: image.boxOfNonZeroVoxels)
    }

    private func resampled(_ image: Volume<Float>) throws -> Volume<Float> {
        if plan.keepsSpacing { return image }
        return try image.resampled(
            toSpacingInMillimetres: plan.spacingInMillimetres, interpolation: plan.interpolation,
            convention: plan.resampling)
    }

    private func mapped(_ image: Volume<Float>) -> Volume<Float> {
        Volume(geometry: image.geometry, voxels: plan.intensities.applied(to: image))
    }

    /// - Throws: `PlanError.voxelNotFinite` if any voxel is NaN or infinite.
    package static func demandFinite(_ image: Volume<Float>) throws {
        // Any NaN or infinity makes the sum of (v − v) NaN, and the loop has no branch.
        let isFinite = image.voxels.withUnsafeBufferPointer { voxels in
            var sum: Float = 0
            for voxel in voxels { sum += voxel - voxel }
            return sum == 0
        }
        guard isFinite else {
            let count = image.voxels.count { !$0.isFinite }
            throw PlanError(
                .voxelNotFinite, "image has \(count) voxels that are NaN or infinite, expected numbers everywhere")
        }
    }
}
