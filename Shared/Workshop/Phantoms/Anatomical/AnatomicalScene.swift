import Statistics
package import Volumes

/// CT-like scenes of real bones (`ShapeBank`) on a drawn spine, within a body of random looks, as a scanner of random
/// settings shows them. Only the window that is asked for is made, at its own voxels: surfaces are known as distances,
/// so partial volume costs nothing.
package enum AnatomicalScene {
    /// The CT in Hounsfield units and its labels on the same grid: `spine-25`, and `otherBones` on every other bone.
    /// Same bank, seed and view: same voxels. On the calling thread alone; several may call at once.
    ///
    /// - Throws: `PhantomError.invalidConfiguration`.
    package static func make(
        seed: UInt64, view: AnatomicalView, otherBones: UInt8 = 0, bank: ShapeBank = .packed
    ) throws(PhantomError) -> (ct: Volume<Int16>, labels: Volume<UInt8>) {
        try view.validate()
        var random = SplitMix64(seed: SplitMix64.mixed(seed))
        let skeleton = Skeleton(bank, &random)
        let window = view.window(on: skeleton, &random)
        var drawing = Drawing(skeleton, window, bank, &random)
        let image = drawing.image(&random)
        let labels = drawing.labels(otherBones: otherBones)
        return (
            Volume(geometry: window.geometry, voxels: image), Volume(geometry: window.geometry, voxels: labels)
        )
    }
}
