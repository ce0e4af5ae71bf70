import Foundation
package import Networks
import Plans
import TensorCore
package import Threads

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019), as PyTorch's `AdamW` computes it, in single
/// precision.
///
/// Per step t: p ← p(1 − lr·wd); m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; p ← p − lr/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) +
/// ε).
package struct AdamW: Sendable {
    package static let beta1 = 0.9
    package static let beta2 = 0.999
    package static let epsilon = 1e-8

    package let weightDecay: Double
    /// Steps taken.
    package private(set) var step: Int
    /// First and second moments under the parameters' names.
    package private(set) var firstMoments: Parameters
    package private(set) var secondMoments: Parameters

    /// Moments of zero, for parameters of these names and shapes.
    package init(parameters: Parameters, weightDecay: Double) {
        let zeros = Parameters(named: parameters.named.map { ($0.name, Tensor(zeros: $0.tensor.shape)) })
        self.init(step: 0, firstMoments: zeros, secondMoments: zeros, weightDecay: weightDecay)
    }

    package init(step: Int, firstMoments: Parameters, secondMoments: Parameters, weightDecay: Double) {
        self.step = step
        self.firstMoments = firstMoments
        self.secondMoments = secondMoments
        self.weightDecay = weightDecay
    }

    /// One step for every parameter that has a gradient; one without, such as that of a head no loss depends on, stays
    /// as it is.
    package mutating func update(
        _ parameters: inout Parameters, gradients: Parameters, learningRate: Double, pool: ComputePool = .shared
    ) {
        step += 1
        let rule = Rule(step: step, learningRate: learningRate, weightDecay: weightDecay)
        for name in parameters.names where gradients.contains(name) {
            parameters.change(name) { weights in
                firstMoments.change(name) { first in
                    secondMoments.change(name) { second in
                        rule.apply(to: &weights, &first, &second, gradients[name], pool: pool)
                    }
                }
            }
        }
    }
}

/// The factors of one step.
private struct Rule: Sendable {
    let decay: Float
    let rate: Float
    let correction: Float
    let beta1 = Float(AdamW.beta1)
    let beta2 = Float(AdamW.beta2)
    let rest1 = Float(1 - AdamW.beta1)
    let rest2 = Float(1 - AdamW.beta2)
    let epsilon = Float(AdamW.epsilon)

    init(step: Int, learningRate: Double, weightDecay: Double) {
        decay = Float(1 - learningRate * weightDecay)
        rate = Float(learningRate / (1 - pow(AdamW.beta1, Double(step))))
        correction = Float((1 - pow(AdamW.beta2, Double(step))).squareRoot())
    }

    func apply(
        to weights: inout Tensor, _ first: inout Tensor, _ second: inout Tensor, _ gradient: Tensor, pool: ComputePool
    ) {
        let count = weights.count
        precondition(gradient.count == count, "gradient of \(gradient.shape) for a parameter of \(weights.shape)")
        let chunk = 1 << 14
        weights.withUnsafeMutableBufferPointer { weights in
            first.withUnsafeMutableBufferPointer { first in
                second.withUnsafeMutableBufferPointer { second in
                    gradient.withUnsafeBufferPointer { gradient in
                        let (p, m, v, g) = (
                            SharedPointer(weights), SharedPointer(first), SharedPointer(second),
                            SharedPointer(reading: gradient)
                        )
                        pool.forEach(count: (count + chunk - 1) / chunk) { index in
                            apply(index * chunk..<min(count, (index + 1) * chunk), p.base, m.base, v.base, g.base)
                        }
                    }
                }
            }
        }
    }

    private func apply(
        _ range: Range<Int>, _ p: UnsafeMutablePointer<Float>, _ m: UnsafeMutablePointer<Float>,
        _ v: UnsafeMutablePointer<Float>,
        _ g: UnsafePointer<Float>
    ) {
        for index in range {
            let slope = g[index]
            m[index] = beta1 * m[index] + rest1 * slope
            v[index] = beta2 * v[index] + rest2 * slope * slope
            p[index] = p[index] * decay - rate * m[index] / (v[index].squareRoot() / correction + epsilon)
        }
    }
}
