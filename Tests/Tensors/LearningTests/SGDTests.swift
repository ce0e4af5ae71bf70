import Learning
import Networks
import TensorCore
import Testing
import Threads

@Suite struct SGDTests {
    /// With nnU-Net's momentum, decay and clipping; the fifth gradient is one that is clipped.
    @Test func followsPyTorchOverTenSteps() {
        var parameters = Parameters(named: [("a", Tensor([0.5, -1.25, 3, 0, 0.125, -2], shape: [6]))])
        var optimizer = SGD(parameters: parameters, momentum: 0.99, weightDecay: 3e-5)
        for step in 0..<10 {
            let slopes = (0..<6).map { Float(($0 * 7 + step * 3) % 11 - 5) * (step == 4 ? 8 : 0.3) + 0.05 }
            var gradients = Parameters(named: [("a", Tensor(slopes, shape: [6]))])
            gradients.shorten(to: 12, norm: gradients.norm)
            var recipe = Recipe()
            recipe.epochs = 10
            recipe.learningRate = 0.01
            recipe.schedule = .polynomialByEpoch
            optimizer.update(
                &parameters, gradients: gradients, learningRate: recipe.learningRate(atStep: step, of: 10))
            for (value, truth) in zip(parameters["a"].values, TrainingOracle.shared.sgd[step]) {
                #expect(abs(Double(value) - truth) < 2e-6, "step \(step)")
            }
        }
        #expect(optimizer.step == 10)
    }

    @Test func aFrozenParameterKeepsItsBytesAndAFactorSlowsAnother() {
        func moved(_ factor: (String) -> Double) -> (frozen: Float, slow: Float) {
            var parameters = Parameters(named: [("a", Tensor([1], shape: [1])), ("b", Tensor([1], shape: [1]))])
            var optimizer = SGD(parameters: parameters, momentum: 0.9, weightDecay: 0)
            let gradients = Parameters(named: [("a", Tensor([1], shape: [1])), ("b", Tensor([1], shape: [1]))])
            optimizer.update(&parameters, gradients: gradients, learningRate: 0.1, factor: factor)
            return (1 - parameters["a"][0], 1 - parameters["b"][0])
        }
        let (whole, other) = moved { _ in 1 }
        let (frozen, slow) = moved { $0 == "a" ? 0 : 0.5 }
        #expect(frozen == 0 && whole > 0)
        #expect(abs(slow - other / 2) < 1e-6)
    }

    /// Ten tensors of a network would be copied each step otherwise.
    @Test func stateIsChangedWhereItLies() {
        var parameters = Parameters(named: [("a", Tensor(zeros: [4]))])
        for method in Recipe.Method.allCases {
            var recipe = Recipe()
            recipe.optimizer = method
            var optimizer = Optimizer(recipe, parameters: parameters)
            func addresses(_ optimizer: Optimizer) -> [UnsafePointer<Float>?] {
                optimizer.state.map { $0["a"].withUnsafeBufferPointer(\.baseAddress) }
            }
            func step() {
                optimizer.update(
                    &parameters, gradients: Parameters(named: [("a", Tensor([1, 2, 3, 4], shape: [4]))]),
                    learningRate: 0.1, factor: { _ in 1 }, pool: .caller)
            }
            // Both moments begin as the same zeros.
            step()
            let before = addresses(optimizer)
            step()
            #expect(addresses(optimizer) == before)
        }
    }
}
