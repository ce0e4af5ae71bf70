import TensorCore

/// What a layer reads: a variable as it is, or normalised and activated on the way in.
final class Signal {
    let feature: Feature
    /// By the variable.
    private let gradient: Gradient
    /// The norm in front of the activation; nil: the variable as it is.
    private let norm: Norm?
    /// Layers that read it and whose backward pass has not come yet.
    private var readers = 0
    /// By the activated values, as long as readers are left.
    private var unfinished: FeatureMap?

    struct Norm {
        let name: String
        let weight: Tensor
        let normalization: Normalization
    }

    init(_ variable: Variable) {
        feature = Feature(variable.map)
        gradient = variable.gradient
        norm = nil
    }

    init(_ variable: Variable, feature: Feature, norm: Norm) {
        self.feature = feature
        gradient = variable.gradient
        self.norm = norm
    }

    func noteReader() { readers += 1 }

    /// Takes one reader's part of the gradient, which `make` computes into a target. With the last part the gradient goes through activation and
    /// norm to the variable, and the norm's parameters get theirs.
    func takeGradient(
        _ gradients: inout [String: Tensor], in workspace: Workspace, _ make: (GradientTarget) -> (map: FeatureMap, sums: ChannelSums?)
    ) {
        readers -= 1
        guard let norm else {
            gradient.value = make(GradientTarget(adding: gradient.value)).map
            return
        }
        let isLast = readers == 0
        let (part, sums) = make(GradientTarget(adding: unfinished, gate: isLast ? feature : nil))
        guard isLast, let sums else {
            unfinished = part
            return
        }
        unfinished = nil
        norm.normalization.inputGradient(
            part, of: feature.map, weight: norm.weight, sums: sums, adding: gradient.value, in: workspace)
        gradient.value = part
        (gradients[norm.name + ".weight"], gradients[norm.name + ".bias"]) = norm.normalization.parameterGradients(sums)
    }
}
