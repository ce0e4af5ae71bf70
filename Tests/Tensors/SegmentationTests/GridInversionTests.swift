import Faults
import Plans
import Segmentation
import TensorCore
import Testing
import Threads
import Volumes

@Suite struct GridInversionTests {
    /// Rotated about two axes, and from there any orientation.
    static let oblique = Affine(
        columns: [
            SIMD3(0.9, 0.2, 0.1) * 1.1, SIMD3(-0.22, 0.97, 0.03) * 0.8, SIMD3(-0.09, -0.05, 0.99) * 2.5,
        ].map { $0 }, origin: SIMD3(-20, 31, 400))

    /// An orthonormal frame near `oblique`'s, with spacings 1.1, 0.8 and 2.5 mm.
    static let rotated: Affine = {
        let a = SIMD3(0.9, 0.2, 0.1) / (0.81 + 0.04 + 0.01).squareRoot()
        var b = SIMD3(-0.22, 0.97, 0.03)
        b -= a * (a * b).sum()
        b /= (b * b).sum().squareRoot()
        let c = SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
        return Affine(columns: [a * 1.1, b * 0.8, c * 2.5], origin: SIMD3(-20, 31, 400))
    }()

    static let grids = [
        Geometry(size: [14, 19, 9], affine: Affine(spacingInMillimetres: [1.1, 0.8, 2.5])),
        Geometry(size: [14, 19, 9], affine: rotated),
        Geometry(size: [14, 19, 9], affine: rotated).reoriented(to: Orientation("PIR")!),
        Geometry(size: [14, 19, 9], affine: rotated).reoriented(to: Orientation("LAS")!),
        Geometry(size: [14, 19, 9], affine: rotated).reoriented(to: Orientation("SLP")!),
        Geometry(size: [14, 19, 9], affine: oblique),
    ]

    private func random(_ count: Int) -> [Float] {
        var state: UInt64 = 88_172_645_463_325_252
        return (0..<count).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Float(state >> 40) / Float(1 << 24)
        }
    }

    /// From the definition: every channel resampled as an image onto the original grid, then the first maximum.
    @Test(arguments: grids)
    func winnersAreThoseOfResampledChannels(original: Geometry) throws {
        let image = Volume<Float>(geometry: original, repeating: 0)
        let network = try image.reoriented(to: .ras).resampled(toSpacingInMillimetres: [1.5, 1.5, 1.5]).geometry
        let classes = 4
        let logits = Tensor(random(classes * network.voxelCount), shape: [1, classes] + network.size)

        let labels = try GridInversion(network: network, original: original).labels(logits)

        #expect(labels.geometry == original)
        let channels = try (0..<classes).map { label in
            let values = Array(logits.values[label * network.voxelCount..<(label + 1) * network.voxelCount])
            let tensor = Tensor(values, shape: [1, 1] + network.size)
            return try TensorVolume.volume(tensor, geometry: network).resampled(onto: original)
        }
        for voxel in 0..<original.voxelCount {
            let values = channels.map { $0.voxels[voxel] }
            let winner = Int(labels.voxels[voxel])
            let highest = try #require(values.max())
            #expect(highest - values[winner] < 1e-5)
        }
    }

    @Test func theLowestOfEqualsWins() throws {
        let grid = Geometry(size: [3, 3, 3], affine: Affine(spacingInMillimetres: [1.5, 1.5, 1.5]))
        let labels = try GridInversion(network: grid, original: grid).labels(Tensor(zeros: [1, 5, 3, 3, 3]))
        #expect(labels.voxels.allSatisfy { $0 == 0 })
    }

    @Test func onOneGridNothingIsInterpolated() throws {
        let grid = Geometry(
            size: [5, 4, 6], affine: Affine(spacingInMillimetres: [1.5, 1.5, 1.5], origin: [3, -7, 11]))
        let truth = Volume<UInt8>(geometry: grid, voxels: random(120).map { UInt8($0 * 3) })
        let expected = TensorVolume.labels(truth)
        let logits = Tensor((0..<3).flatMap { label in expected.map { $0 == label ? 1 : 0 } }, shape: [1, 3, 5, 4, 6])
        #expect(try GridInversion(network: grid, original: grid).labels(logits) == truth)
    }

    @Test func threadsDoNotChangeTheLabels() throws {
        let original = Geometry(size: [33, 20, 21], affine: Affine(spacingInMillimetres: [0.7, 0.9, 1.1]))
        let network = Geometry(size: [16, 13, 16], affine: Affine(spacingInMillimetres: [1.5, 1.5, 1.5]))
        let logits = Tensor(random(3 * network.voxelCount), shape: [1, 3] + network.size)
        let inversion = try GridInversion(network: network, original: original)
        #expect(
            inversion.labels(logits, pool: ComputePool(threads: 1))
                == inversion.labels(logits, pool: ComputePool(threads: 3)))
    }

    @Test func refusesAGridThatReachesBeyondTheNetworks() {
        let network = Geometry(size: [8, 8, 8], affine: Affine(spacingInMillimetres: [1.5, 1.5, 1.5]))
        let original = Geometry(size: [40, 8, 8], affine: Affine(spacingInMillimetres: [1.5, 1.5, 1.5]))
        let error = #expect(throws: SegmentationError.self) { try GridInversion(network: network, original: original) }
        #expect(error?.code == .unusableVolume)
    }
}
