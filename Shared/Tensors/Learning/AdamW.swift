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
        let zeros = parameters.zeros
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
    ///
    /// - Parameter factor: on the rate of a parameter; one of 0 is frozen.
    package mutating func update(
        _ parameters: inout Parameters, gradients: Parameters, learningRate: Double,
        factor: (String) -> Double = { _ in 1 }, pool: ComputePool = .shared
    ) {
        step += 1
        for (name, rate) in parameters.rates(learningRate, gradients: gradients, factor: factor) {
            let rule = Rule(step: step, learningRate: rate, weightDecay: weightDecay)
            parameters.change(name) { weights in
                firstMoments.change(name) { first in
                    secondMoments.change(name) { second in
                        weights.change(&first, &second, with: gradients[name], pool: pool) {
                            rule.apply(&$0, &$1, &$2, $3)
                        }
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

    func apply(_ p: inout Float, _ m: inout Float, _ v: inout Float, _ slope: Float) {
        m = beta1 * m + rest1 * slope
        v = beta2 * v + rest2 * slope * slope
        p = p * decay - rate * m / (v.squareRoot() / correction + epsilon)
    }
}
