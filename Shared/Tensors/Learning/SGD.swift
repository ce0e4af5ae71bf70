package import Networks
import Plans
import TensorCore
package import Threads

/// Gradient descent with Nesterov's momentum, as PyTorch's `SGD(nesterov=True)` computes it, in single precision.
///
/// Per step: g ← g + wd·p; b ← μb + g; p ← p − lr·(g + μb).
package struct SGD: Sendable {
    package let weightDecay: Double
    package let momentum: Double
    /// Steps taken.
    package private(set) var step: Int
    /// The velocities b under the parameters' names.
    package private(set) var velocities: Parameters

    /// At rest, for parameters of these names and shapes.
    package init(parameters: Parameters, momentum: Double, weightDecay: Double) {
        self.init(step: 0, velocities: parameters.zeros, momentum: momentum, weightDecay: weightDecay)
    }

    package init(step: Int, velocities: Parameters, momentum: Double, weightDecay: Double) {
        self.step = step
        self.velocities = velocities
        self.momentum = momentum
        self.weightDecay = weightDecay
    }

    /// One step for every parameter that has a gradient; one without stays as it is, and so does its velocity.
    ///
    /// - Parameter factor: on the rate of a parameter; one of 0 is frozen.
    package mutating func update(
        _ parameters: inout Parameters, gradients: Parameters, learningRate: Double,
        factor: (String) -> Double = { _ in 1 }, pool: ComputePool = .shared
    ) {
        step += 1
        let (decay, momentum) = (Float(weightDecay), Float(momentum))
        for (name, rate) in parameters.rates(learningRate, gradients: gradients, factor: factor) {
            let rate = Float(rate)
            parameters.change(name) { weights in
                velocities.change(name) { velocity in
                    weights.change(&velocity, with: gradients[name], pool: pool) { p, b, g in
                        let slope = g + decay * p
                        b = momentum * b + slope
                        p -= rate * (slope + momentum * b)
                    }
                }
            }
        }
    }
}
