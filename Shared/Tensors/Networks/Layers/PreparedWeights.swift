import Synchronization
import TensorCore

/// Weights of one network transformed once, for passes that do not change them. Several threads may ask for them.
package final class PreparedWeights: Sendable {
    /// Of each convolution the weight and what was made of it. As long as the weight is held here, whoever changes a
    /// parameter changes a copy.
    private let known = Mutex<[String: (weight: Tensor, transformed: WinogradWeights)]>([:])

    package init() {}

    /// In memory of their own, not in the pass's; a rehearsal only counts them.
    func callAsFunction(
        _ name: String, of weight: Tensor, in workspace: Workspace, _ make: (Workspace) -> WinogradWeights
    ) -> WinogradWeights {
        if workspace.isRehearsal { return workspace.countPermanent(make) }
        if let entry = known.withLock({ $0[name] }), entry.weight.sharesMemory(with: weight) {
            return entry.transformed
        }
        let made = make(Workspace(pool: workspace.pool))
        known.withLock { $0[name] = (weight, made) }
        return made
    }
}
