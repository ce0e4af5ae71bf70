package import JobEngine
package import Metrics
import Studies

extension SystemConnection {
    /// The metrics that a job stored for the label map that went out; none for nil.
    package func metrics(of job: JobID?) async throws -> [ClassMetrics] {
        guard let job else { return [] }
        return try await catalog.measurements(of: [job]).first { $0.variant == .delivered }?.metrics.classes ?? []
    }
}
