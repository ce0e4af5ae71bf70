package import JobEngine

/// What `LocalStack.up` shall bring about.
package struct LocalRequest: Sendable {
    /// The folder that holds `columna-ingestion` and the others; nil: the services only, workers are left as they are.
    package var executables: String?
    /// Workers by stage; stages not named keep the number they have, or get one.
    package var replicas: [Stage: Int]
    /// Folders studies may be read from, added to those already allowed.
    package var inputRoots: [String]
    /// Further variables for the workers, beside the caller's own environment.
    package var workerEnvironment: [String: String]

    package init(
        executables: String? = nil, replicas: [Stage: Int] = [:], inputRoots: [String] = [],
        workerEnvironment: [String: String] = [:]
    ) {
        self.executables = executables
        self.replicas = replicas
        self.inputRoots = inputRoots
        self.workerEnvironment = workerEnvironment
    }

    /// The database and the broker alone.
    package static let servicesOnly = LocalRequest()
}
