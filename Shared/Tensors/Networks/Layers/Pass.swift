import TensorCore

/// One run through a network, forward and, with a tape, back. Layers are its methods; a network reads as the sequence
/// of them.
///
/// Without a tape a variable goes when the last layer that reads it is done, and its memory with it.
final class Pass {
    let parameters: Parameters
    let workspace: Workspace
    let arithmetic: Arithmetic
    /// Transformed weights that outlive the pass; nil: they are made in each.
    let prepared: PreparedWeights?
    /// Whether segments are run again on the way back instead of kept.
    private let recomputesActivations: Bool
    private(set) var tape: Tape?

    init(
        _ parameters: Parameters, in workspace: Workspace, arithmetic: Arithmetic, prepared: PreparedWeights? = nil,
        recorded: Bool,
        recomputesActivations: Bool = false
    ) {
        self.parameters = parameters
        self.workspace = workspace
        self.arithmetic = arithmetic
        self.prepared = prepared
        self.recomputesActivations = recomputesActivations
        tape = recorded ? Tape() : nil
    }

    /// Runs backward from the gradients that variables have got; the gradient of every parameter that took part.
    func rewind() -> [String: Tensor] {
        var gradients: [String: Tensor] = [:]
        tape?.rewind(&gradients)
        return gradients
    }

    /// A segment that keeps nothing but its input: its backward pass runs it forward again. Costs a third of its time,
    /// saves its activations.
    func checkpointed(_ input: Variable, _ segment: @escaping (Pass, Variable) -> Variable) -> Variable {
        guard recomputesActivations, tape != nil else { return segment(self, input) }
        let pass = Pass(parameters, in: workspace, arithmetic: arithmetic, prepared: prepared, recorded: false)
        let output = segment(pass, input)
        let gradient = output.gradient
        // Not the pass itself, which owns the tape.
        let kept = input.remake == nil ? input.map : nil
        tape?.note {
            [parameters, workspace, arithmetic, prepared, remake = input.remake, sums = input.sums, by = input.gradient]
            gradients in
            let again = Pass(parameters, in: workspace, arithmetic: arithmetic, prepared: prepared, recorded: true)
            guard let map = kept ?? remake?() else { return }
            let start = Variable(map, sums: sums)
            segment(again, start).gradient.value = gradient.take()
            gradients.merge(again.rewind()) { _, new in new }
            if let part = start.gradient.take() { by.add(part, in: workspace) }
        }
        return output
    }

    func note(_ step: @escaping Tape.Step) { tape?.note(step) }
}
