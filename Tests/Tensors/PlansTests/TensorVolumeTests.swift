import Plans
import TensorCore
import Testing
import Volumes

@Suite struct TensorVolumeTests {
    private let geometry = Geometry(size: [2, 3, 4], affine: .identity)

    /// Voxel (i, j, k) has the value 100·i + 10·j + k.
    private var counted: Volume<Float> {
        var volume = Volume<Float>(geometry: geometry, repeating: 0)
        for k in 0..<4 { for j in 0..<3 { for i in 0..<2 { volume[i, j, k] = Float(100 * i + 10 * j + k) } } }
        return volume
    }

    @Test func depthIsIAndWidthIsK() {
        let tensor = TensorVolume.tensor(counted)
        #expect(tensor.shape == [1, 1, 2, 3, 4])
        for i in 0..<2 {
            for j in 0..<3 { for k in 0..<4 { #expect(tensor[(i * 3 + j) * 4 + k] == Float(100 * i + 10 * j + k)) } }
        }
    }

    @Test func volumesSurviveTheWayThereAndBack() {
        #expect(TensorVolume.volume(TensorVolume.tensor(counted), geometry: geometry) == counted)
        let labels = counted.map { UInt8($0.truncatingRemainder(dividingBy: 100)) }
        #expect(TensorVolume.volume(labels: TensorVolume.labels(labels), geometry: geometry) == labels)
    }

    @Test func partsBeyondTheVolumeRepeatItsBorderOrAreZero() {
        let replicated = TensorVolume.tensor(counted, origin: [-1, 1, 2], size: [3, 2, 3])
        #expect(replicated.values == [12, 13, 13, 22, 23, 23, 12, 13, 13, 22, 23, 23, 112, 113, 113, 122, 123, 123])
        let zero = TensorVolume.tensor(counted, origin: [-1, 1, 2], size: [3, 2, 3], padding: .zero)
        #expect(zero.values == [0, 0, 0, 0, 0, 0, 12, 13, 0, 22, 23, 0, 112, 113, 0, 122, 123, 0])
        let labels = TensorVolume.labels(counted.map { UInt8($0) }, origin: [1, 2, 3], size: [2, 1, 1])
        #expect(labels == [123, 0])
    }
}
