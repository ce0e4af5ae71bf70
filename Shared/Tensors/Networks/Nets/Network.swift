import TensorCore

/// A network of any architecture with its parameters.
package struct Network: Sendable {
    package let configuration: NetworkConfiguration
    /// In the order of the configuration's parameter table.
    package var parameters: Parameters

    /// Fresh parameters by the law of the library the architecture comes from, reproducible from `seed`.
    package init(configuration: NetworkConfiguration, seed: UInt64) {
        self.configuration = configuration
        parameters = configuration.description.initialParameters(seed: seed)
    }

    /// Throws when the configuration is invalid, or a parameter is missing, unknown, of another shape or not finite,
    /// naming it.
    package init(configuration: NetworkConfiguration, parameters: Parameters) throws {
        try configuration.validate()
        self.configuration = configuration
        self.parameters = try parameters.matching(configuration.parameterTable)
        for (name, tensor) in self.parameters.named { try tensor.requireFinite("the parameter \(name)") }
    }
}
