package import Networks
package import Threads

/// The optimizer of a recipe with its state.
package enum Optimizer: Sendable {
    case adamW(AdamW)
    case sgd(SGD)

    /// At its beginning, for parameters of these names and shapes.
    package init(_ recipe: Recipe, parameters: Parameters) {
        switch recipe.optimizer {
        case .adamW: self = .adamW(AdamW(parameters: parameters, weightDecay: recipe.weightDecay))
        case .sgd:
            self = .sgd(SGD(parameters: parameters, momentum: recipe.momentum, weightDecay: recipe.weightDecay))
        }
    }

    /// - Parameter state: as `state` gives it.
    init(_ recipe: Recipe, step: Int, state: [Parameters]) {
        switch recipe.optimizer {
        case .adamW:
            self = .adamW(
                AdamW(step: step, firstMoments: state[0], secondMoments: state[1], weightDecay: recipe.weightDecay))
        case .sgd:
            self = .sgd(
                SGD(step: step, velocities: state[0], momentum: recipe.momentum, weightDecay: recipe.weightDecay))
        }
    }

    /// What of it checkpoints keep, in the order of `stateNames`.
    package var state: [Parameters] {
        switch self {
        case .adamW(let optimizer): [optimizer.firstMoments, optimizer.secondMoments]
        case .sgd(let optimizer): [optimizer.velocities]
        }
    }

    /// What each of `state` is called in a checkpoint.
    var stateNames: [String] {
        switch self {
        case .adamW: Recipe.Method.adamW.stateNames
        case .sgd: Recipe.Method.sgd.stateNames
        }
    }

    /// Steps taken.
    package var step: Int {
        switch self {
        case .adamW(let optimizer): optimizer.step
        case .sgd(let optimizer): optimizer.step
        }
    }

    package mutating func update(
        _ parameters: inout Parameters, gradients: Parameters, learningRate: Double, factor: (String) -> Double,
        pool: ComputePool
    ) {
        // Taken apart and put together, so that the state is changed where it lies.
        switch consume self {
        case .adamW(var optimizer):
            optimizer.update(
                &parameters, gradients: gradients, learningRate: learningRate, factor: factor, pool: pool)
            self = .adamW(optimizer)
        case .sgd(var optimizer):
            optimizer.update(
                &parameters, gradients: gradients, learningRate: learningRate, factor: factor, pool: pool)
            self = .sgd(optimizer)
        }
    }
}

extension Recipe.Method {
    /// As tensors of a checkpoint are called: `optimizer.m.<parameter>`.
    var stateNames: [String] {
        switch self {
        case .adamW: ["m", "v"]
        case .sgd: ["velocity"]
        }
    }
}
