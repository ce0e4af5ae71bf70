import Foundation
import Learning
import Networks
import TensorCore
import Testing

@Suite struct AdamWTests {
    @Test func followsTheFormulaeOverSeveralSteps() {
        let start: [Float] = [0.5, -1.25, 3, 0]
        var parameters = Parameters(named: [("a", Tensor(start, shape: [4]))])
        var optimizer = AdamW(parameters: parameters, weightDecay: 0.01)
        var (p, m, v) = (start.map(Double.init), [Double](repeating: 0, count: 4), [Double](repeating: 0, count: 4))
        for step in 1...5 {
            let gradient = (0..<4).map { Double(($0 + step) % 3 - 1) * 0.3 + 0.05 }
            optimizer.update(
                &parameters, gradients: Parameters(named: [("a", Tensor(gradient.map(Float.init), shape: [4]))]),
                learningRate: 0.02)
            for index in 0..<4 {
                p[index] *= 1 - 0.02 * 0.01
                m[index] = 0.9 * m[index] + 0.1 * gradient[index]
                v[index] = 0.999 * v[index] + 0.001 * gradient[index] * gradient[index]
                let (first, second) = (
                    m[index] / (1 - pow(0.9, Double(step))), v[index] / (1 - pow(0.999, Double(step)))
                )
                p[index] -= 0.02 * first / (second.squareRoot() + 1e-8)
                #expect(abs(Double(parameters["a"][index]) - p[index]) < 1e-6)
            }
        }
        #expect(optimizer.step == 5)
    }
}
