import TensorCore

/// What a layer reads: a variable as it is, or normalised and activated on the way in.
final class LayerInput {
    /// nil while it is let go of.
    private var kept: Feature?
    /// Makes the feature again; nil: it is kept.
    private let remake: (() -> Feature)?
    /// By the variable.
    private let gradient: Gradient
    /// The norm in front of the activation; nil: there is none.
    private let norm: Norm?
    /// Whether the variable is read as it is.
    private let isPlain: Bool
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
        kept = Feature(variable.map)
        remake = variable.remake.map { map in { Feature(map()) } }
        gradient = variable.gradient
        norm = nil
        isPlain = true
    }

    /// - Parameter norm: nil for an activation alone.
    init(_ variable: Variable, feature: Feature, norm: Norm?) {
        kept = feature
        remake = variable.remake.map { map in { [lines = feature.lines] in Feature(map(), lines: lines) } }
        gradient = variable.gradient
        self.norm = norm
        isPlain = false
    }

    /// Made again if it was let go of.
    var feature: Feature {
        if kept == nil { kept = remake?() }
        guard let kept else { fatalError("a feature was let go of that nobody can make again") }
        return kept
    }

    /// Notes a layer that will come back for its gradient. Until then a map that is cheap to make need not be kept.
    func noteReader() {
        readers += 1
        if remake != nil { kept = nil }
    }

    /// Takes one reader's part of the gradient, which `make` computes into a target. With the last part the gradient
    /// goes through activation and norm to the variable, and the norm's parameters get theirs.
    func takeGradient(
        _ gradients: inout [String: Tensor], in workspace: Workspace,
        _ make: (GradientTarget) -> (map: FeatureMap, sums: ChannelSums?)
    ) {
        readers -= 1
        guard !isPlain else {
            gradient.value = make(GradientTarget(adding: gradient.value)).map
            return
        }
        let isLast = readers == 0
        let (part, sums) = make(GradientTarget(adding: unfinished, gate: isLast ? feature : nil))
        guard isLast, let sums else {
            unfinished = part
            return
        }
        finish(part, sums, &gradients, in: workspace)
    }

    /// A reader that got no gradient itself, because no loss depends on it.
    func withdrawReader(_ gradients: inout [String: Tensor], in workspace: Workspace) {
        readers -= 1
        guard readers == 0, let part = unfinished else { return }
        let (gated, sums) = passedGradient(part, target: GradientTarget(gate: feature), in: workspace)
        if let sums { finish(gated, sums, &gradients, in: workspace) }
    }

    /// The gradient by the variable, from the whole one behind the activation.
    private func finish(
        _ part: FeatureMap, _ sums: ChannelSums, _ gradients: inout [String: Tensor], in workspace: Workspace
    ) {
        unfinished = nil
        guard let norm else { return gradient.add(part, in: workspace) }
        norm.normalization.inputGradient(
            part, of: feature.map, weight: norm.weight, sums: sums, adding: gradient.value, in: workspace)
        gradient.value = part
        (gradients[norm.name + ".weight"], gradients[norm.name + ".bias"]) = norm.normalization.parameterGradients(sums)
    }
}
