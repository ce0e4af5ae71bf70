import TensorCore
import TestSupport
import Threads

extension Comparison {
    /// Voxels whose best class differs though the truth's best two logits differ by more than `gap`.
    static func argmaxDifferences(_ logits: Tensor, _ truth: Tensor, gap: Float) -> Int {
        let (found, expected) = (argmax(logits, pool: .shared), argmax(truth, pool: .shared))
        let (classes, voxels) = (truth.channels, truth.extent.count)
        let values = truth.values
        return found.indices.count { index in
            guard found[index] != expected[index] else { return false }
            let row = (0..<classes).map { values[(index / voxels * classes + $0) * voxels + index % voxels] }.sorted(
                by: >)
            return row[0] - row[1] > gap
        }
    }
}
