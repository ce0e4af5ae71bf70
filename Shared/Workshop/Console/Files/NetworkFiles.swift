import Foundation
package import Networks
package import TensorCore

/// A network as a person hands it over: a configuration as JSON and weights under PyTorch's names.
package struct NetworkFiles: Sendable {
    package var architecture: Architecture?
    package var configuration: String?
    package var weights: String?

    package init(architecture: Architecture?, configuration: String?, weights: String?) {
        self.architecture = architecture
        self.configuration = configuration
        self.weights = weights
    }

    /// - Throws: `CommandFailure` naming the option and what is wrong with its file.
    package func readConfiguration() throws -> NetworkConfiguration {
        guard let configuration else { return .standard(architecture ?? .segResNet) }
        return try NamedFile("--config", configuration).read {
            try NetworkConfiguration(json: $0, architecture: architecture)
        }
    }

    /// Without a file of weights fresh ones, the same every time.
    package func readNetwork() throws -> Network {
        let configuration = try readConfiguration()
        guard let weights else { return Network(configuration: configuration, seed: 1) }
        return try NamedFile("--weights", weights).read { data in
            let file = try Safetensors(data: data)
            let parameters = try Parameters(named: file.names.map { ($0, try file.tensor($0)) })
            return try Network(configuration: configuration, parameters: parameters)
        }
    }

    /// The tensor `input` of a file, which must be what the network takes.
    package static func readInput(_ file: Safetensors, for configuration: NetworkConfiguration) throws -> Tensor {
        // The shape first: it is known without reading the values.
        try configuration.requireInput(shape: try file.shape("input"))
        let input = try file.tensor("input")
        try input.requireFinite("the input")
        return input
    }
}
