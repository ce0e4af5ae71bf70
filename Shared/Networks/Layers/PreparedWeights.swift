import Synchronization
import TensorCore

/// Weights of one network transformed once, for passes that do not change them. Several threads may ask for them.
package final class PreparedWeights: Sendable {
    private let weights = Mutex<[String: WinogradWeights]>([:])

    package init() {}

    /// In memory of their own, not in the pass's; a rehearsal only counts them.
    func callAsFunction(_ name: String, in workspace: Workspace, _ make: (Workspace) -> WinogradWeights) -> WinogradWeights {
        if workspace.isRehearsal { return workspace.countPermanent(make) }
        if let known = weights.withLock({ $0[name] }) { return known }
        let made = make(Workspace(pool: workspace.pool))
        return weights.withLock { known in
            known[name] = known[name] ?? made
            return known[name] ?? made
        }
    }
}
