package import Networks

/// A trained network with the plan it must be run under.
package struct Model: Sendable {
    package let plan: Plan
    package let network: Network

    /// - Throws: `PlanError.invalidPlan`, or `TensorError` if names or shapes of `parameters` don't fit the plan's
    ///   network.
    package init(plan: Plan, parameters: Parameters) throws {
        try plan.validate()
        self.plan = plan
        network = try Network(configuration: plan.network, parameters: parameters)
    }
}
