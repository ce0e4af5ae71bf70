package import TensorCore
package import Threads

/// How a network is run: threads and memory, arithmetic, and what is kept from one pass to the next.
package struct Execution: Sendable {
    package let workspace: Workspace
    package let arithmetic: Arithmetic
    /// Weights transformed once, for passes that do not change them.
    let prepared: PreparedWeights?
    /// In training: keep the inputs of blocks only and run them forward again on the way back. Less memory, a third
    /// more time.
    package let recomputesActivations: Bool

    package init(
        pool: ComputePool = .shared, arithmetic: Arithmetic = .fast, memoryLimitInBytes: Int? = nil,
        recomputesActivations: Bool = false
    ) {
        workspace = Workspace(pool: pool, memoryLimitInBytes: memoryLimitInBytes)
        self.arithmetic = arithmetic
        prepared = nil
        self.recomputesActivations = recomputesActivations
    }

    private init(_ workspace: Workspace, _ arithmetic: Arithmetic, _ prepared: PreparedWeights?) {
        self.workspace = workspace
        self.arithmetic = arithmetic
        self.prepared = prepared
        recomputesActivations = false
    }

    /// For many passes through one network whose parameters stay as they are.
    package static func inference(
        pool: ComputePool = .shared, arithmetic: Arithmetic = .fast, memoryLimitInBytes: Int? = nil
    ) -> Execution {
        Execution(Workspace(pool: pool, memoryLimitInBytes: memoryLimitInBytes), arithmetic, PreparedWeights())
    }
}
