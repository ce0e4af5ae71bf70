import Augmentation
import Foundation
import Learning
import Networks
import TensorCore
import TestSupport
import Testing
import Threads

@Suite struct DiceCrossEntropyTests {
    private func logits(_ shape: [Int], seed: UInt64 = 5) -> Tensor {
        var random = StepRandom(seed: seed, purpose: .crop, index: 0)
        return Tensor((0..<shape.reduce(1, *)).map { _ in Float(random.uniform(-3, 3)) }, shape: shape)
    }

    private func labels(_ count: Int, classes: Int) -> [UInt8] {
        var random = StepRandom(seed: 9, purpose: .order, index: 0)
        return (0..<count).map { _ in UInt8(random.below(classes)) }
    }

    /// In double precision from the definition.
    private func oracle(_ logits: [Double], _ labels: [UInt8], samples: Int, classes: Int, voxels: Int) -> (
        dice: Double, crossEntropy: Double
    ) {
        var (dice, crossEntropy) = (0.0, 0.0)
        for sample in 0..<samples {
            var (intersection, predicted, truth) = (
                [Double](repeating: 0, count: classes), [Double](repeating: 0, count: classes),
                [Double](repeating: 0, count: classes)
            )
            for voxel in 0..<voxels {
                let powers = (0..<classes).map { exp(logits[(sample * classes + $0) * voxels + voxel]) }
                let total = powers.reduce(0, +)
                let label = Int(labels[sample * voxels + voxel])
                crossEntropy -= log(powers[label] / total)
                intersection[label] += powers[label] / total
                truth[label] += 1
                for (index, power) in powers.enumerated() { predicted[index] += power / total }
            }
            for label in 0..<classes {
                dice += 1 - (2 * intersection[label] + 1e-5) / (predicted[label] + truth[label] + 1e-5)
            }
        }
        return (dice / Double(samples * classes), crossEntropy / Double(samples * voxels))
    }

    /// Odd sizes, more than one block, a class that never occurs.
    @Test func agreesWithItsDefinition() {
        let shape = [2, 5, 11, 13, 9]
        let (logits, labels) = (logits(shape), labels(2 * 1287, classes: 4))
        var gradient = logits
        let result = DiceCrossEntropy()(&gradient, labels: labels)
        let expected = oracle(logits.values.map(Double.init), labels, samples: 2, classes: 5, voxels: 1287)
        #expect(abs(result.dice - expected.dice) < 1e-6)
        #expect(abs(result.crossEntropy - expected.crossEntropy) < 1e-6)
    }

    @Test func gradientAgreesWithFiniteDifferences() {
        let shape = [2, 4, 3, 2, 3]
        let (logits, labels) = (logits(shape), labels(36, classes: 3))
        var gradient = logits
        _ = DiceCrossEntropy()(&gradient, labels: labels)
        let values = logits.values.map(Double.init)
        let step = 1e-5
        func loss(_ values: [Double]) -> Double {
            let terms = oracle(values, labels, samples: 2, classes: 4, voxels: 18)
            return terms.dice + terms.crossEntropy
        }
        for index in values.indices {
            var (up, down) = (values, values)
            up[index] += step
            down[index] -= step
            let slope = (loss(up) - loss(down)) / (2 * step)
            #expect(abs(Double(gradient[index]) - slope) < 1e-6)
        }
    }

    @Test func threadsDoNotChangeTheBits() {
        let (logits, labels) = (logits([1, 3, 17, 17, 17]), labels(4913, classes: 3))
        var (one, three) = (logits, logits)
        let alone = DiceCrossEntropy()(&one, labels: labels, pool: ComputePool(threads: 1))
        let shared = DiceCrossEntropy()(&three, labels: labels, pool: ComputePool(threads: 3))
        #expect(alone.value == shared.value)
        #expect(one.values == three.values)
    }

    @Test func hugeLogitsStayFinite() {
        var logits = Tensor([1000, -1000, 500, -500], shape: [1, 2, 1, 1, 2])
        let result = DiceCrossEntropy()(&logits, labels: [1, 0])
        #expect(result.value.isFinite)
        #expect(logits.values.allSatisfy { $0.isFinite })
    }

    @Test func presentClassesFollowPyTorch() {
        let truth = TrainingOracle.shared.present
        var gradient = Tensor(truth.logits, shape: truth.shape)
        let result = DiceCrossEntropy(.presentClasses)(&gradient, labels: truth.labels)
        #expect(abs(result.dice - truth.dice) < 1e-6 && abs(result.crossEntropy - truth.cross_entropy) < 1e-6)
        for (value, expected) in zip(gradient.values, truth.gradient) { #expect(abs(Double(value) - expected) < 1e-7) }
    }
}
