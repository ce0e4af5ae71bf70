import Foundation
import Statistics
import TensorCore

/// Builds the parameter tables of nnU-Net's networks under the names of `dynamic_network_architectures`, each parameter
/// once: a checkpoint repeats them under aliases (`all_modules`, `decoder.encoder`).
struct UNetParameters {
    private(set) var table: [(name: String, shape: [Int])] = []

    /// Convolution with bias, then instance norm.
    mutating func unit(_ name: String, _ input: Int, _ output: Int, kernel: [Int]) {
        convolution(name + ".conv", input, output, kernel: kernel)
        norm(name + ".norm", output)
    }

    mutating func convolution(_ name: String, _ input: Int, _ output: Int, kernel: [Int], bias: Bool = true) {
        table.append((name + ".weight", [output, input] + kernel))
        if bias { table.append((name + ".bias", [output])) }
    }

    mutating func norm(_ name: String, _ channels: Int) {
        table.append((name + ".weight", [channels]))
        table.append((name + ".bias", [channels]))
    }

    /// The decoder's stages, transposed convolutions and heads, each from the lowest resolution upwards.
    mutating func decoder(_ configuration: UNetConfiguration) {
        let (features, top) = (configuration.features, configuration.stages - 2)
        for step in 0...top {
            let channels = features[top - step]
            for unit in 0..<configuration.convolutionsPerStageDecoder[step] {
                let input = unit == 0 ? 2 * channels : channels
                self.unit(
                    "decoder.stages.\(step).convs.\(unit)", input, channels, kernel: configuration.kernels[top - step])
            }
        }
        for step in 0...top {
            let (input, output) = (features[top - step + 1], features[top - step])
            // PyTorch keeps a transposed convolution's weight as (in, out, …).
            table.append(
                ("decoder.transpconvs.\(step).weight", [input, output] + configuration.strides[top - step + 1]))
            table.append(("decoder.transpconvs.\(step).bias", [output]))
        }
        for step in 0...top {
            convolution("decoder.seg_layers.\(step)", features[top - step], configuration.classes, kernel: [1, 1, 1])
        }
    }

    /// nnU-Net's law: convolutions Kaiming normal for a leaky ReLU of 0.01 by fan-in, norms weight 1, all biases 0.
    /// - Parameter silent: norms that begin with weight 0, so that what they scale adds nothing at first.
    static func initial(
        _ table: [(name: String, shape: [Int])], seed: UInt64, silent: (String) -> Bool
    ) -> Parameters {
        var generator = SplitMix64(seed: seed)
        let named = table.map { name, shape -> (String, Tensor) in
            guard shape.count > 1 else {
                let isScale = name.hasSuffix(".norm.weight")
                return (
                    name, Tensor([Float](repeating: isScale && !silent(name) ? 1 : 0, count: shape[0]), shape: shape)
                )
            }
            // PyTorch takes the second axis for the fan-in of transposed convolutions too.
            let fanIn = Double(shape.dropFirst().reduce(1, *))
            let deviation = (2 / (1 + 0.01 * 0.01) / fanIn).squareRoot()
            return (name, Tensor(normal(shape.reduce(1, *), deviation, &generator), shape: shape))
        }
        return Parameters(named: named)
    }

    /// Box and Muller's two numbers at a time.
    private static func normal(_ count: Int, _ deviation: Double, _ generator: inout SplitMix64) -> [Float] {
        var values: [Float] = []
        values.reserveCapacity(count + 1)
        while values.count < count {
            // 1 − u lies in (0, 1], where the logarithm is finite.
            let radius = deviation * (-2 * log(1 - Double(generator.nextUnitFloat()))).squareRoot()
            let angle = 2 * Double.pi * Double(generator.nextUnitFloat())
            values.append(Float(radius * cos(angle)))
            values.append(Float(radius * sin(angle)))
        }
        if values.count > count { values.removeLast() }
        return values
    }
}
