import Statistics
import Threads
package import Volumes

/// Makes CT-like spines whose every label is known: vertebral bodies with a compact shell, arches, discs, canal, ribs,
/// lungs, pelvis, trunk, noise. Shapes, density and curves change with the level and with the seed.
package enum Phantom {
    /// The CT in Hounsfield units and its `spine-25` labels on the same grid. Same seed and configuration: same voxels.
    ///
    /// Uses all cores. - Throws: `PhantomError.invalidConfiguration`.
    package static func make(
        seed: UInt64, configuration: PhantomConfiguration
    ) throws(PhantomError) -> (ct: Volume<Int16>, labels: Volume<UInt8>) {
        try configuration.validate()
        let scene = PhantomScene(seed: seed, scoliosisInDegrees: Float(configuration.scoliosisInDegrees))
        let field = FieldOfView(configuration, scene: scene, seed: seed)
        let count = field.geometry.voxelCount
        var ct = [Int16](repeating: 0, count: count)
        var labels = [UInt8](repeating: 0, count: count)
        let noise = PlaceNoise(seed: SplitMix64.mixed(seed ^ 0x6e6f_6973_65))
        ct.withUnsafeMutableBufferPointer { ct in
            labels.withUnsafeMutableBufferPointer { labels in
                let slices = SliceWriter(
                    scene: scene, field: field, noise: noise, deviation: Float(configuration.noiseInHounsfieldUnits),
                    ct: SharedPointer(ct), labels: SharedPointer(labels))
                ComputePool.shared.forEach(count: field.geometry.size[2]) { slices.fill($0) }
            }
        }
        return (Volume(geometry: field.geometry, voxels: ct), Volume(geometry: field.geometry, voxels: labels))
    }
}

/// Fills the slices along k; each call writes its own slice only.
private struct SliceWriter: Sendable {
    let scene: PhantomScene
    let field: FieldOfView
    let noise: PlaceNoise
    let deviation: Float
    let ct: SharedPointer<Int16>
    let labels: SharedPointer<UInt8>

    func fill(_ k: Int) {
        let size = field.geometry.size
        var offset = k * size[0] * size[1]
        for j in 0..<size[1] {
            let start = field.place(0, j, k)
            for i in 0..<size[0] {
                let (value, label) = scene.sample(start + field.step * Float(i), edge: field.edge)
                let noisy = value + deviation * noise.gaussian(offset)
                (ct.base + offset).pointee = Int16(min(max(noisy.rounded(), -1024), 3071))
                (labels.base + offset).pointee = label
                offset += 1
            }
        }
    }
}
