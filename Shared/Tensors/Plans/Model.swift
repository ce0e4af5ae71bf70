package import Networks

/// A trained network with the plan it must be run under; or several of one plan, such as the folds of a data set, whose
/// logits are averaged.
package struct Model: Sendable {
    package let plan: Plan
    /// One or more.
    package let networks: [Network]

    /// The only one, or the first of several.
    package var network: Network { networks[0] }

    /// - Throws: `PlanError.invalidPlan`, or `TensorError` if names or shapes of `parameters` don't fit the plan's
    ///   network.
    package init(plan: Plan, parameters: Parameters) throws { try self.init(plan: plan, ensemble: [parameters]) }

    /// - Precondition: one network or more.
    /// - Throws: as for one.
    package init(plan: Plan, ensemble: [Parameters]) throws {
        precondition(!ensemble.isEmpty, "a model has a network")
        try plan.validate()
        self.plan = plan
        networks = try ensemble.map { try Network(configuration: plan.network, parameters: $0) }
    }
}
