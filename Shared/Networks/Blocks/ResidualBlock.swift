import TensorCore

extension Pass {
    /// SegResNet's pre-activated residual block: `x + conv2(ReLU(norm2(conv1(ReLU(norm1(x))))))`.
    func residualBlock(_ input: Variable, _ name: String, groups: Int) -> Variable {
        let middle = convolved([normalized(input, name + ".norm1", groups: groups, slope: 0)], name + ".conv1.conv")
        return convolved([normalized(middle, name + ".norm2", groups: groups, slope: 0)], name + ".conv2.conv", adding: input)
    }
}
