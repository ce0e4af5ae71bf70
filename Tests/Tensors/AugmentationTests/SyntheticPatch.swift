import Augmentation
import TensorCore

/// Patches made in tests.
enum SyntheticPatch {
    /// Noise between 0 and 1, and labels 0 to 3 in slabs along W.
    static func of(_ edges: [Int], seed: UInt64 = 1) -> LabelledPatch {
        var random = StepRandom(seed: seed, purpose: .crop, index: 0)
        let count = edges.reduce(1, *)
        return LabelledPatch(
            image: Tensor((0..<count).map { _ in Float(random.unit()) }, shape: [1, 1] + edges),
            labels: (0..<count).map { UInt8($0 % edges[2] * 4 / edges[2]) })
    }

    /// Every voxel's index along an axis as its value; labels as `label` says of it.
    static func ramp(_ edges: [Int], along axis: Int, label: (Int) -> UInt8 = { _ in 0 }) -> LabelledPatch {
        let strides = [edges[1] * edges[2], edges[2], 1]
        let places = (0..<edges.reduce(1, *)).map { $0 / strides[axis] % edges[axis] }
        return LabelledPatch(image: Tensor(places.map(Float.init), shape: edges), labels: places.map(label))
    }
}
