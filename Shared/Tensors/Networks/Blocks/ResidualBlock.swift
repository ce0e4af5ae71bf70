import TensorCore

extension Pass {
    /// SegResNet's pre-activated residual block: `x + conv2(ReLU(norm2(conv1(ReLU(norm1(x))))))`, the ReLU with `slope`
    /// below zero.
    func residualBlock(_ input: Variable, _ name: String, groups: Int?, slope: Float) -> Variable {
        let middle = convolved([normalized(input, name + ".norm1", groups: groups, slope: slope)], name + ".conv1.conv")
        return convolved(
            [normalized(middle, name + ".norm2", groups: groups, slope: slope)], name + ".conv2.conv", adding: input)
    }
}
