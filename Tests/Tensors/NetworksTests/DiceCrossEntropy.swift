import Foundation
import TensorCore

/// MONAI's `DiceCELoss(to_onehot_y=True, softmax=True)` and its gradient in Double, as the formulas say: the oracle's
/// side of training tests.
func diceCrossEntropy(_ logits: inout Tensor, labels: [UInt8]) -> Double {
    let (batch, classes, voxels) = (logits.batch, logits.channels, logits.extent.count)
    let probabilities = probabilities(logits)
    var gradient = [Float](repeating: 0, count: logits.count)
    var (dice, entropy) = (0.0, 0.0)
    for n in 0..<batch {
        // Derivative of the Dice term by each probability where the voxel has the class, and where it has not.
        var slopes = [(inside: Double, outside: Double)]()
        for c in 0..<classes {
            var (both, predicted, truth) = (0.0, 0.0, 0.0)
            for v in 0..<voxels {
                let p = probabilities[(n * classes + c) * voxels + v]
                let g = labels[n * voxels + v] == c ? 1.0 : 0.0
                both += p * g
                predicted += p
                truth += g
            }
            let (top, bottom) = (2 * both + 1e-5, predicted + truth + 1e-5)
            dice += (1 - top / bottom) / Double(batch * classes)
            let outside = top / (bottom * bottom) / Double(batch * classes)
            slopes.append((outside - 2 / bottom / Double(batch * classes), outside))
        }
        for v in 0..<voxels {
            let label = Int(labels[n * voxels + v])
            func index(_ c: Int) -> Int { (n * classes + c) * voxels + v }
            entropy -= log(probabilities[index(label)]) / Double(batch * voxels)
            func slope(_ c: Int) -> Double { c == label ? slopes[c].inside : slopes[c].outside }
            let mean = (0..<classes).reduce(0) { $0 + slope($1) * probabilities[index($1)] }
            for c in 0..<classes {
                let p = probabilities[index(c)]
                gradient[index(c)] = Float(p * (slope(c) - mean) + (p - (c == label ? 1 : 0)) / Double(batch * voxels))
            }
        }
    }
    logits = Tensor(gradient, shape: logits.shape)
    return dice + entropy
}

private func probabilities(_ logits: Tensor) -> [Double] {
    let (classes, voxels) = (logits.channels, logits.extent.count)
    let values = logits.values.map(Double.init)
    var result = values
    for n in 0..<logits.batch {
        for v in 0..<voxels {
            let indices = (0..<classes).map { (n * classes + $0) * voxels + v }
            let largest = indices.map { values[$0] }.max()!
            let sum = indices.reduce(0) { $0 + exp(values[$1] - largest) }
            for index in indices { result[index] = exp(values[index] - largest) / sum }
        }
    }
    return result
}
